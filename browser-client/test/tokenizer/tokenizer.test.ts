import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TextStream } from '../../src/tokenizer/text-stream';
import { TextTokenizer } from '../../src/tokenizer/text-tokenizer';
import { REFERENCE, sample } from '../fixtures/samples';

const tokenizer = new TextTokenizer(readFileSync(sample('docs-29m/tokenizer.json')), 0);

test.each(REFERENCE.cases)('prompt $ids gets the ids of transformers', ({ prompt, ids }) => {
  expect(tokenizer.encode(prompt)).toEqual(ids);
});

test.each(REFERENCE.cases)('the continuation of $ids streams to the text of transformers', ({ greedy, greedy_text }) => {
  const stream = new TextStream((ids) => tokenizer.decode(ids));
  const pieces = greedy.map((id) => stream.push(id));

  expect(pieces.join('') + stream.end()).toBe(greedy_text);
});

test('characters spread over several tokens come out whole', () => {
  const text = 'naïve 漢字 and 🦄🇦🇶 — “done”';
  const stream = new TextStream((ids) => tokenizer.decode(ids));
  const pieces = tokenizer.encode(text).slice(1).map((id) => stream.push(id));

  expect(pieces.join('') + stream.end()).toBe(text);
  expect(pieces.filter((piece) => piece.includes('\uFFFD'))).toEqual([]);
  expect(pieces).toContain('');
});

test('a character that never becomes whole is let out', () => {
  const [, first] = tokenizer.encode('🦄');
  const stream = new TextStream((ids) => tokenizer.decode(ids));
  const pieces = Array.from({ length: 9 }, () => stream.push(first!));

  expect(pieces.join('') + stream.end()).toContain('\uFFFD');
});

test('a tokenizer that is not one is refused', () => {
  expect(() => new TextTokenizer(new TextEncoder().encode('{"model":'), 0)).toThrow(
    expect.objectContaining({ code: 'tokenizer-invalid' }),
  );
});

import { describe, expect, it } from 'vitest';
import { addPiece, beginWriting, endingOf, endWriting, figuresOf, liveRate, NOTHING_WRITTEN } from '../src/playground/model/writing';

const stats = {
  promptTokens: 9,
  reusedTokens: 0,
  tokens: 48,
  timeToFirstTokenMs: 84.2,
  prefillMsPerToken: 9,
  decodeMsPerToken: 16,
  tokensPerSecond: 62.5,
  finish: 'max-tokens',
} as const;

const values = (writing: Parameters<typeof figuresOf>[0]) => figuresOf(writing).map(({ value, unit }) => `${value} ${unit}`);

describe('figures', () => {
  it('show nothing before anything was measured', () => {
    expect(values(NOTHING_WRITTEN)).toEqual(['– tokens/s', '– ms', '– tokens', '– tokens']);
  });

  it('are live while the text grows', () => {
    let writing = beginWriting('The', 1000);
    writing = addPiece(writing, ' std', 1, 1250);
    expect(liveRate(writing)).toBeNull();
    writing = addPiece(writing, '::unique', 4, 1350);
    expect(liveRate(writing)).toBe(40);
    expect(values(writing)).toEqual(['40.0 tokens/s', '250 ms', '– tokens', '5 tokens']);
    expect(writing.text).toBe(' std::unique');
  });

  it('are the client’s own once the text has ended', () => {
    const writing = endWriting(addPiece(beginWriting('The', 0), 'x', 1, 10), 'done', stats);
    expect(values(writing)).toEqual(['62.5 tokens/s', '84 ms', '9 tokens', '48 tokens']);
    expect(endingOf(writing)).toBe('Reached the token limit of the settings.');
  });

  it('survive a single token, whose speed nobody knows', () => {
    const writing = endWriting(beginWriting('The', 0), 'done', { ...stats, tokens: 1, decodeMsPerToken: null, tokensPerSecond: null });
    expect(values(writing)[0]).toBe('– tokens/s');
  });

  it('say that a text was stopped, with or without measurements', () => {
    expect(endingOf(endWriting(beginWriting('The', 0), 'stopped', null))).toBe('Stopped.');
    expect(endingOf(endWriting(beginWriting('The', 0), 'stopped', { ...stats, finish: 'aborted' }))).toBe('Stopped.');
  });
});

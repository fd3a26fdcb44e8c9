import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TextTokenizer } from '../../src/tokenizer/text-tokenizer';
import { wasmBackend, BUILDS } from '../fixtures/kernels';
import { readPng } from '../fixtures/png';
import { sample } from '../fixtures/samples';
import { loadScenes, SCENES } from '../fixtures/scenes';

test('a question becomes the tokens of the reference', () => {
  const tokenizer = new TextTokenizer(readFileSync(sample('scenes-vlm/tokenizer.json')), 0);
  for (const { question, ids } of SCENES.cases) {
    const prompt = [...tokenizer.encode(''), ...new Array<number>(64).fill(2), ...tokenizer.encodePlain(`\nUSER: ${question}\nASSISTANT:`)];
    expect(prompt).toEqual(ids);
  }
});

const FIRST = BUILDS[0]!;
const LAST = BUILDS.at(-1)!;

/** Linear layers and tables; 3 bits as such models are published: tables keep the 6 bits of their anchor. */
test.each([
  [8, 8, 12, FIRST.name, FIRST], [4, 4, 12, LAST.name, LAST], [3, 6, 11, FIRST.name, FIRST], [3, 6, 11, LAST.name, LAST],
] as const)('scenes-vlm at %i bits, tables at %i, answers %i of 12 questions or more, on %s', async (bits, tableBits, least, _name, build) => {
  const backend = await wasmBackend(build);
  const { decoder, look } = await loadScenes(backend, bits, tableBits);
  let right = 0;
  for (const { image, ids, greedy } of SCENES.cases) {
    decoder.show(await look(readPng(sample(`scenes-vlm/${image}`))));
    for (let at = 0; at < ids.length; at += backend.maxStep) {
      decoder.step(ids.slice(at, at + backend.maxStep), at, at + backend.maxStep >= ids.length);
    }
    const written: number[] = [];
    while (written.length < greedy.length) {
      const token = await decoder.likeliest();
      written.push(token);
      decoder.step([token], ids.length + written.length - 1, true);
    }
    if (written.join() === greedy.join()) right++;
  }

  expect(right).toBeGreaterThanOrEqual(least);
});

import { expect, test } from 'vitest';
import { wasmBackend, WASM_MODULES } from '../fixtures/kernels';
import { readPng } from '../fixtures/png';
import { sample } from '../fixtures/samples';
import { loadScenes, SCENES } from '../fixtures/scenes';

test.each([[8, WASM_MODULES[0]!], [4, WASM_MODULES[WASM_MODULES.length - 1]!]])('scenes-vlm at %i bits answers all questions, on %s', async (bits, module) => {
  const backend = await wasmBackend(module);
  const { decoder, pictures } = await loadScenes(backend, bits);
  let right = 0;
  for (const { image, ids, greedy } of SCENES.cases) {
    decoder.show(await pictures.encode(readPng(sample(`scenes-vlm/${image}`))));
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

  expect(right).toBe(12);
});

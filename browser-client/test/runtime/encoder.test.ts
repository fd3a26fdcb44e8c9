import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KernelBackend } from '../../src/kernels/backend';
import { ReferenceBackend } from '../../src/kernels/reference/reference-backend';
import { checkTextEncoderTensors } from '../../src/runtime/encoder-weights';
import type { TextEmbedder } from '../../src/runtime/text-embedder';
import { bertOf, cosine } from '../fixtures/bert';
import { goldenLadder } from '../fixtures/golden-ladder';
import { BUILDS, wasmBackend } from '../fixtures/kernels';

const REFERENCE = new URL('../../../services/quantization/src/test/resources/conformance/bert/reference.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(REFERENCE, 'utf8')) as { cases: { ids: number[]; mean_pooled: number[] }[] };

const BACKENDS: Readonly<Record<string, () => Promise<KernelBackend>>> = {
  reference: async () => new ReferenceBackend(),
  ...Object.fromEntries(BUILDS.map((build) => [build.name, () => wasmBackend(build)])),
};

describe.each(Object.keys(BACKENDS))('BERT at 8 bits on %s', (name) => {
  test('gives the vectors of transformers', async () => {
    const embedder = await bert(await BACKENDS[name]!());
    for (const { ids, mean_pooled } of cases) expect(cosine(await embedder.embed(ids), mean_pooled)).toBeGreaterThan(0.999);
  });

  test('takes texts of several steps and of one token, one after the other', async () => {
    const [first, second] = [await bert(await BACKENDS[name]!()), await bert(new ReferenceBackend())];
    const long = Array.from({ length: 70 }, (_, i) => (i * 37) % 512);
    for (const ids of [long, [5], long.slice(0, 33)]) {
      expect(cosine(await first.embed(ids), await second.embed(ids))).toBeGreaterThan(0.9999);
    }
  });
});

test('a bundle that lacks a tensor of the encoder is refused by its name', () => {
  const { manifest } = goldenLadder('bert');
  const without = manifest.tensors.filter(({ name }) => name !== 'text_encoder.segment.weight');

  expect(() => checkTextEncoderTensors(without, manifest.config)).toThrow(/text_encoder\.segment\.weight/);
});

function bert(backend: KernelBackend): Promise<TextEmbedder> {
  return bertOf(goldenLadder('bert'), backend);
}

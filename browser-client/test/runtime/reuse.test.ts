import { describe, expect, test } from 'vitest';
import { PICKED, type KernelBackend } from '../../src/kernels/backend';
import type { KvPrecision } from '../../src/kernels/kv-format';
import { ReferenceBackend } from '../../src/kernels/reference/reference-backend';
import { Generation } from '../../src/runtime/generation';
import { LlamaDecoder } from '../../src/runtime/llama-decoder';
import { EVEN, EVERYTHING, randomWeights } from '../fixtures/conformance';
import { BUILDS, wasmBackend } from '../fixtures/kernels';
import { randomPlanes } from '../fixtures/planes';

const CONTEXT = 256;
const DEPTH = 3;
const CACHES: readonly (readonly [string, KvPrecision | null])[] = [
  ['float32', null], ['codes of 4 bits', { keys: 4, values: 4, window: 40 }], ['codes of 2 bits', { keys: 2, values: 3, window: 24 }],
];
const FAR_BACK = 30;

/** Ids that a prompt may hold, others for another seed. */
const words = (count: number, seed: number) => Array.from({ length: count }, (_, i) => (7 * i * i + 31 * i + 13 * seed) % 97);

/** The first and the last of what this host can run: one thread with 16-bit products, several with 8-bit ones. */
describe.each([BUILDS[0]!, BUILDS.at(-1)!])('on $name', (build) => {
  test.each(CACHES)('a text that begins with what is in a cache of %s goes on as if all had been read', async (_, precision) => {
    for (const config of [EVEN, EVERYTHING]) {
      const on = await Writer.on(await wasmBackend(build), config, precision);
      const fresh = async (prompt: readonly number[]) => (await Writer.on(await wasmBackend(build), config, precision)).write(prompt, 12);
      const first = await on.write(words(70, 1), 30);
      const turn = [...words(70, 1), ...first.tokens, ...words(20, 2)];
      const second = await on.write(turn, 12);
      const third = await on.write([...turn.slice(0, 115), ...words(9, 3)], 12);
      const back = await on.write([...turn.slice(0, FAR_BACK), ...words(50, 4)], 12);

      expect(first).toMatchObject({ reused: 0, read: 70 });
      expect(second).toMatchObject({ reused: 99, read: 21, tokens: (await fresh(turn)).tokens });
      expect(third).toMatchObject({ reused: 115, read: 9, tokens: (await fresh([...turn.slice(0, 115), ...words(9, 3)])).tokens });
      expect(back.tokens).toEqual((await fresh([...turn.slice(0, FAR_BACK), ...words(50, 4)])).tokens);
      expect(back.reused, 'what was needed has been overwritten').toBe(precision ? 0 : FAR_BACK);
    }
  });

  test.each(CACHES)('going back in a cache of %s leaves no trace', async (_, precision) => {
    const run = async (detour: boolean) => {
      const { decoder } = await Writer.on(await wasmBackend(build), EVEN, precision);
      const ids = words(190, 5);
      for (let at = 0; at < 160; at += 32) decoder.step(ids.slice(at, at + 32), at, false);
      for (let at = 160; at < (detour ? 190 : 165); at++) decoder.step([ids[at]!], at, true);
      const other = [...ids.slice(0, 165), ...words(20, 6)];
      expect(decoder.resume(other)).toBe(165);
      decoder.step(other.slice(165, 173), 165, false);
      for (let at = 173; at < other.length; at++) decoder.step([other[at]!], at, true);
      return decoder.logits();
    };

    expect(await run(true)).toEqual(await run(false));
  });
});

test('nothing is kept that was made with weights of fewer bits', async () => {
  const backend = new ReferenceBackend();
  const weights = randomWeights(backend, EVEN, 2);
  const decoder = new LlamaDecoder(backend, EVEN, weights, CONTEXT);
  decoder.step(words(8, 1), 0, true);
  const before = decoder.resume(words(9, 1));
  const { down } = weights.layers[1]!;
  backend.merge(down, randomPlanes({ ...down.shape, depth: 3, anchor: 3 }, 1)[1]!);

  expect(before).toBe(8);
  expect(decoder.resume(words(9, 1))).toBe(0);
  decoder.step(words(9, 1).slice(8), 8, true);
  expect(decoder.resume(words(10, 1)), 'the first tokens are still those of before').toBe(0);
});

test('the places of a picture are read anew', async () => {
  const vision = { imageTokenId: 3 } as never;
  const { decoder } = await Writer.on(await wasmBackend(), { ...EVEN, vision }, null);
  decoder.step([7, 8, 3, 3, 9], 0, true);

  expect(decoder.resume([7, 8, 3, 3, 9, 1])).toBe(2);
});

/** A decoder of made-up weights that writes, and counts what its backend is given to read. */
class Writer {
  readonly decoder: LlamaDecoder;
  readonly #backend: KernelBackend;
  #given = 0;

  private constructor(backend: KernelBackend, decoder: LlamaDecoder) {
    this.#backend = backend;
    this.decoder = decoder;
    const begin = backend.begin.bind(backend);
    backend.begin = (tokens, position) => {
      this.#given += tokens === PICKED ? 1 : tokens.length;
      begin(tokens, position);
    };
  }

  static async on(backend: KernelBackend, config: typeof EVEN, precision: KvPrecision | null): Promise<Writer> {
    const decoder = new LlamaDecoder(backend, config, randomWeights(backend, config, DEPTH), CONTEXT, precision);
    return new Writer(backend, decoder);
  }

  async write(prompt: readonly number[], maxTokens: number) {
    this.#given = 0;
    const { signal } = new AbortController();
    const request = { prompt, maxTokens, stopTokens: new Set<number>(), sampling: null, signal, reuse: true };
    const generation = new Generation(this.decoder, this.#backend.maxStep, request);
    const tokens: number[] = [];
    for await (const token of generation.run()) tokens.push(token);
    return { tokens, reused: generation.reused, read: this.#given - (tokens.length - 1) };
  }
}

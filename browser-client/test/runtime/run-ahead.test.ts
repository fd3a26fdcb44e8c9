import { describe, expect, test } from 'vitest';
import { PICKED } from '../../src/kernels/backend';
import { HeldTokens } from '../../src/runtime/held-tokens';
import { Generation, type GenerationRequest } from '../../src/runtime/generation';
import type { LlamaDecoder } from '../../src/runtime/llama-decoder';

/** A device that picks token 100 + position, and tells of what was submitted in one turn together, after some turns. */
class PickingDevice {
  readonly lookahead = 4;
  readonly canSample = true;
  readonly capacity = 64;
  readonly submissions: number[] = [];
  steps = 0;
  readonly #held = new HeldTokens();
  #position = 0;
  #open: Promise<void> | null = null;

  constructor(readonly roundTripMs: number, readonly turns: number) {}

  step(tokens: readonly number[] | typeof PICKED, position: number): void {
    this.steps++;
    this.#held.cut(position);
    this.#held.add(position, tokens === PICKED ? [null] : tokens);
    this.#position = position + (tokens === PICKED ? 1 : tokens.length);
    if (this.#position > this.capacity) throw new Error(`a step at ${position}, beyond the context`);
  }

  resume(sequence: readonly number[]): number {
    return Math.min(this.#held.shared(sequence), sequence.length - 1);
  }

  name(position: number, token: number): void {
    this.#held.name(position, token);
  }

  async likeliest(): Promise<number> {
    const token = 100 + this.#position;
    this.#open ??= this.#submit();
    this.submissions[this.submissions.length - 1]!++;
    await this.#open;
    return token;
  }

  async #submit(): Promise<void> {
    this.submissions.push(0);
    await Promise.resolve();
    this.#open = null;
    for (let i = 0; i < this.turns; i++) await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

const REQUEST: GenerationRequest = {
  prompt: [1, 2, 3], maxTokens: 40, stopTokens: new Set(), sampling: null, signal: new AbortController().signal, reuse: true,
};

async function write(device: PickingDevice, request: Partial<GenerationRequest> = {}, written: readonly number[] = []) {
  const tokens: number[] = [];
  const generation = new Generation(device as unknown as LlamaDecoder, 8, { ...REQUEST, ...request }, written);
  const run = generation.run();
  for (;;) {
    const { done, value } = await run.next();
    if (done) return { tokens, finish: value, reused: generation.reused };
    tokens.push(value);
  }
}

const upTo = (last: number) => Array.from({ length: last - 102 }, (_, i) => 103 + i);

describe.each([
  ['a fast round trip', 0, 1],
  ['a slow round trip', 100, 12],
])('with %s', (_, roundTripMs, turns) => {
  const device = () => new PickingDevice(roundTripMs, turns);

  test('every token is written once and in order, and no step is made beyond the last', async () => {
    const own = device();

    expect(await write(own)).toEqual({ tokens: upTo(142), finish: 'max-tokens', reused: 0 });
    expect(own.steps).toBe(40);
  });

  test('nothing is written beyond a stop token, whatever has been made behind it', async () => {
    expect(await write(device(), { stopTokens: new Set([117]) })).toMatchObject({ tokens: upTo(116), finish: 'end-of-text' });
  });

  test('the context is filled to its last place', async () => {
    expect(await write(device(), { maxTokens: 500 })).toMatchObject({ tokens: upTo(164), finish: 'context-full' });
  });

  test('another device goes on behind what one has written', async () => {
    expect(await write(device(), {}, upTo(110))).toMatchObject({ tokens: upTo(142).slice(8), finish: 'max-tokens' });
    expect(await write(device(), { maxTokens: 8 }, upTo(110))).toMatchObject({ tokens: [], finish: 'max-tokens' });
  });
});

test('the next text begins behind what has been read and written, not with what was made in vain', async () => {
  const own = new PickingDevice(1, 12);
  const { tokens } = await write(own, { stopTokens: new Set([117]) });
  const inVain = own.steps - 1 - tokens.length;
  own.steps = 0;
  const prompt = [...REQUEST.prompt, ...tokens, 55, 56];
  const next = await write(own, { prompt, maxTokens: 3 });

  expect(inVain).toBeGreaterThan(0);
  expect(next).toEqual({ tokens: [119, 120, 121], finish: 'max-tokens', reused: REQUEST.prompt.length + tokens.length });
  expect(own.steps).toBe(3);
  expect(await write(own, { prompt: [9, 9], maxTokens: 1 })).toMatchObject({ reused: 0 });
  expect(await write(own, { prompt: [9, 9], maxTokens: 1, reuse: false })).toMatchObject({ reused: 0 });
  expect(await write(own, { prompt: [9, 9], maxTokens: 1 })).toMatchObject({ reused: 1 });
});

test('slow round trips are shared by several tokens, fast ones are not', async () => {
  const [slow, fast] = [new PickingDevice(100, 12), new PickingDevice(1, 12)];
  await write(slow);
  await write(fast);

  expect(slow.submissions.length).toBeLessThan(12);
  expect(fast.submissions.length).toBeGreaterThan(20);
});

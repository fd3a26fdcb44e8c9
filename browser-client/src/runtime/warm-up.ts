import type { LlamaDecoder } from './llama-decoder';
import { yieldTurn } from './turn';

const STEPS = 4;
/** A model that is slower than that gains nothing by being slow once more. */
const MOST_MS = 60;

/** Lets the engine translate kernels of one token as it does with those that run often, before somebody waits for tokens. */
export async function warmUp(decoder: LlamaDecoder): Promise<void> {
  const started = performance.now();
  for (let step = 0; step < STEPS && performance.now() - started < MOST_MS; step++) {
    decoder.step([0], step, true);
    await decoder.likeliest();
    await yieldTurn();
  }
  decoder.forget();
}

import type { KernelVariants } from '../kernels/variants';
import type { BackendName } from '../transport/wire';
import { BackendTrial, type Clock, type Measured, type Speeds } from './backend-trial';

/** Which backend a model runs on, and what was measured of both. */
export interface BackendChoice {
  readonly backend: BackendName;
  readonly because: string;
  readonly speeds: Readonly<Record<BackendName, Speeds>>;
  /** The ways to make products that were fastest on the GPU; null where there is one way. */
  readonly variants: KernelVariants | null;
  /** Measured in an earlier visit. */
  readonly kept: boolean;
}

/** What trials find out. */
export type Findings = Pick<BackendChoice, 'speeds' | 'variants'>;

/** What both trials together may take. */
export const TRIAL_MS = 300;
/** An answer as people ask for it. */
const [READ, WRITTEN] = [256, 128];
/** WebAssembly has to be so many times faster: the GPU leaves the processor to the page. */
const MARGIN = 1.25;

/** Of a backend that does not get through a product in time: each token takes as long as all trials. */
const UNFINISHED: Measured = { decodeMs: TRIAL_MS, prefillMs: TRIAL_MS, variants: null };

/** Tries both backends, whose kernels have been made, within `TRIAL_MS`: WebAssembly in half of it, the GPU in what is left. */
export async function measureBoth(trials: Readonly<Record<BackendName, BackendTrial>>, clock: Clock): Promise<Findings> {
  const started = clock.now();
  const wasm = await trials.wasm.measure(started + TRIAL_MS / 2);
  const webgpu = await trials.webgpu.measure(started + TRIAL_MS);
  const { variants, ...fastest } = webgpu ?? UNFINISHED;
  return { speeds: { wasm: speedsOf(wasm ?? UNFINISHED), webgpu: fastest }, variants };
}

function speedsOf({ decodeMs, prefillMs }: Speeds): Speeds {
  return { decodeMs, prefillMs };
}

/** The backend that answers sooner, prompt and text taken together; the GPU where there is no clear winner. */
export function chooseBackend({ speeds, variants }: Findings, kept: boolean): BackendChoice {
  const [wasm, webgpu] = [answerMs(speeds.wasm), answerMs(speeds.webgpu)];
  const backend = wasm * MARGIN < webgpu ? 'wasm' : 'webgpu';
  const times = `about ${Math.round(wasm)} ms on WebAssembly and ${Math.round(webgpu)} ms on WebGPU`;
  return { backend, because: `An answer of ${WRITTEN} tokens to ${READ} takes ${times} here.`, speeds, variants, kept };
}

function answerMs({ prefillMs, decodeMs }: Speeds): number {
  return READ * prefillMs + WRITTEN * decodeMs;
}

import { hasSharedMemory } from './wasm-features';

/** Why WebAssembly threads cannot be used, or null. The order tells an operator what to repair first. */
export function missingThreadsReason(): string | null {
  if (!hasSharedMemory()) return 'This browser does not validate shared WebAssembly memory.';
  if (globalThis.crossOriginIsolated !== true) {
    return 'The page is not cross-origin isolated: it needs the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.';
  }
  if (typeof SharedArrayBuffer !== 'function') return 'This browser has no SharedArrayBuffer.';
  return null;
}

/** Threads that a model runs on. */
export interface ThreadChoice {
  readonly count: number;
  /** Why there are no more. */
  readonly reason: string;
}

/**
 * Chooses the number of threads: what the plan wants, as far as this page can have it.
 *
 * @param kernels whether there is a kernel module for several threads
 */
export function chooseThreads(
  wanted: number, kernels: boolean, missing = missingThreadsReason(), cores = globalThis.navigator?.hardwareConcurrency || 1,
): ThreadChoice {
  if (wanted <= 1) return { count: 1, reason: 'The plan asks for one thread.' };
  if (missing) return { count: 1, reason: missing };
  if (cores <= 1) return { count: 1, reason: 'This device has one core.' };
  if (!kernels) return { count: 1, reason: 'The bundle has no kernels for several threads.' };
  if (cores < wanted) return { count: cores, reason: `This device has ${cores} cores.` };
  return { count: wanted, reason: `The plan asks for ${wanted} threads.` };
}

import { chooseThreads, type ThreadChoice } from '../capability/threads';
import { hasRelaxedSimd } from '../capability/wasm-features';
import type { KernelBackend } from '../kernels/backend';
import { MODULES } from '../kernels/wasm/exports';
import { startHelper } from '../kernels/wasm/team';
import { WasmBackend } from '../kernels/wasm/wasm-backend';
import type { KernelVariants } from '../kernels/variants';
import { WebGpuBackend } from '../kernels/webgpu/webgpu-backend';
import type { BackendName, KernelEntry } from '../transport/wire';
import { kernelModule, type KernelModules } from './kernel-loader';
import { KeptText } from './kept-text';

/** The part of a bundle's kernels that this browser will run, and on how many threads. */
export interface KernelChoice {
  readonly backend: BackendName;
  readonly entries: readonly KernelEntry[];
  readonly threads: ThreadChoice;
}

/**
 * Of WebAssembly modules the fastest that this browser accepts; all of WebGPU's.
 *
 * @param threads what the plan wants
 */
export function chooseKernels(backend: BackendName, entries: readonly KernelEntry[], threads: number): KernelChoice {
  if (backend !== 'wasm') return { backend, entries, threads: { count: 1, reason: 'One worker feeds the GPU.' } };
  const there = (name: string) => entries.some((entry) => entry.name === name);
  const builds = hasRelaxedSimd() && there(MODULES.relaxed.single) ? MODULES.relaxed : MODULES.simd;
  const choice = chooseThreads(threads, there(builds.threads));
  const name = choice.count > 1 ? builds.threads : builds.single;
  return { backend, entries: entries.filter((entry) => entry.name === name), threads: choice };
}

/**
 * The backend that a bundle was made for, running the kernels that were chosen, which are of this revision.
 *
 * @param variants the ways to make products that a trial found fastest; null for the usual ones
 */
export async function createBackend(
  { backend, entries, threads }: KernelChoice, modules: KernelModules, revision: string, variants: KernelVariants | null = null,
): Promise<KernelBackend> {
  if (backend === 'wasm') {
    const module = kernelModule(modules, entries[0]?.name ?? MODULES.simd.single);
    return WasmBackend.create(module, threads.count > 1 ? { threads: threads.count, start: startHelper } : null);
  }
  const decoder = new TextDecoder();
  const text = (shader: string) => decoder.decode(kernelModule(modules, shader));
  return WebGpuBackend.create(text, variants ? { variants } : {}, (adapter) => new KeptText('facet-kernel-verdicts', { adapter, revision }));
}

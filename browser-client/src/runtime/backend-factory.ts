import { hasRelaxedSimd } from '../capability/wasm-features';
import type { KernelBackend } from '../kernels/backend';
import { BASELINE_MODULE, RELAXED_MODULE } from '../kernels/wasm/exports';
import { WasmBackend } from '../kernels/wasm/wasm-backend';
import { WebGpuBackend } from '../kernels/webgpu/webgpu-backend';
import type { BackendName, KernelEntry } from '../transport/wire';
import { VerdictCache } from './verdict-cache';
import { kernelModule, type KernelModules } from './kernel-loader';

/** The modules of a bundle that this browser will run: of WebAssembly builds the fastest that it accepts. */
export function neededKernels(name: BackendName, entries: readonly KernelEntry[]): readonly KernelEntry[] {
  if (name !== 'wasm') return entries;
  const best = hasRelaxedSimd() && entries.some((entry) => entry.name === RELAXED_MODULE) ? RELAXED_MODULE : BASELINE_MODULE;
  return entries.filter((entry) => entry.name === best);
}

/** The backend that a bundle was made for, running the bundle's kernels, which are of this revision. */
export async function createBackend(name: BackendName, modules: KernelModules, revision: string): Promise<KernelBackend> {
  if (name === 'wasm') {
    return WasmBackend.create(modules.get(RELAXED_MODULE) ?? kernelModule(modules, BASELINE_MODULE));
  }
  const decoder = new TextDecoder();
  const text = (shader: string) => decoder.decode(kernelModule(modules, shader));
  return WebGpuBackend.create(text, {}, (adapter) => new VerdictCache(adapter, revision));
}

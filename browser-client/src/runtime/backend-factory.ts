import { hasRelaxedSimd } from '../capability/wasm-features';
import type { KernelBackend } from '../kernels/backend';
import { BASELINE_MODULE, RELAXED_MODULE } from '../kernels/wasm/exports';
import { WasmBackend } from '../kernels/wasm/wasm-backend';
import { WebGpuBackend } from '../kernels/webgpu/webgpu-backend';
import type { BackendName, KernelEntry } from '../transport/wire';
import { kernelModule, type KernelModules } from './kernel-loader';

/** The modules of a bundle that this browser will run: of WebAssembly builds the fastest that it accepts. */
export function neededKernels(name: BackendName, entries: readonly KernelEntry[]): readonly KernelEntry[] {
  if (name !== 'wasm') return entries;
  const best = hasRelaxedSimd() && entries.some((entry) => entry.name === RELAXED_MODULE) ? RELAXED_MODULE : BASELINE_MODULE;
  return entries.filter((entry) => entry.name === best);
}

/** The backend that a bundle was made for, running the bundle's kernels. */
export async function createBackend(name: BackendName, modules: KernelModules): Promise<KernelBackend> {
  if (name === 'wasm') {
    return WasmBackend.create(modules.get(RELAXED_MODULE) ?? kernelModule(modules, BASELINE_MODULE));
  }
  const decoder = new TextDecoder();
  return WebGpuBackend.create((shader) => decoder.decode(kernelModule(modules, shader)));
}

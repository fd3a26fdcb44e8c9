import type { KernelBackend } from '../kernels/backend';
import { WasmBackend } from '../kernels/wasm/wasm-backend';
import { WebGpuBackend } from '../kernels/webgpu/webgpu-backend';
import type { BackendName } from '../transport/wire';
import { kernelModule, type KernelModules } from './kernel-loader';

/** The backend that a bundle was made for, running the bundle's kernels. */
export async function createBackend(name: BackendName, modules: KernelModules): Promise<KernelBackend> {
  if (name === 'wasm') return WasmBackend.create(kernelModule(modules, 'facet-simd128.wasm'));
  const decoder = new TextDecoder();
  return WebGpuBackend.create((shader) => decoder.decode(kernelModule(modules, shader)));
}

import { FacetError } from '../errors';
import { verifySha256 } from '../transport/integrity';
import type { ServiceClient } from '../transport/service-client';
import type { KernelEntry } from '../transport/wire';

/** Kernel modules by name, verified. */
export type KernelModules = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** Fetches the modules that a manifest lists. */
export async function fetchKernels(
  service: ServiceClient, entries: readonly KernelEntry[], signal: AbortSignal,
): Promise<KernelModules> {
  const modules = entries.map(async ({ name, sha256 }) => {
    const response = await service.kernel(sha256, signal);
    const bytes = new Uint8Array(await response.arrayBuffer());
    await verifySha256(bytes, sha256, `kernel ${name}`);
    return [name, bytes] as const;
  });
  return new Map(await Promise.all(modules));
}

/** @throws FacetError `kernel-invalid` when the bundle lacks a module that this client needs */
export function kernelModule(modules: KernelModules, name: string): Uint8Array<ArrayBuffer> {
  const module = modules.get(name);
  if (!module) throw new FacetError('kernel-invalid', `The bundle has no kernel ${name}.`);
  return module;
}

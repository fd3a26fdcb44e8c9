import type { CapabilityReport } from '../transport/wire';
import { deepFreeze } from './deep-freeze';
import { engineFamily, isMobile } from './engine';
import { missingThreadsReason } from './threads';
import { hasMemory64, hasRelaxedSimd, hasSimd } from './wasm-features';
import { probeWebGpu } from './webgpu';

/** What this browser can do: computed once, frozen, sent as the capability report. */
export type Capabilities = CapabilityReport;

/** Fields of `navigator` that only some browsers have. */
interface LooseNavigator extends Navigator {
  readonly deviceMemory?: number;
  readonly connection?: { readonly downlink?: number; readonly saveData?: boolean };
  readonly ml?: { createContext(options?: object): Promise<unknown> };
}

let measured: Promise<Capabilities> | null = null;

/** Measures this browser; later calls return the same object. */
export function probe(): Promise<Capabilities> {
  measured ??= measure();
  return measured;
}

async function measure(): Promise<Capabilities> {
  const started = performance.now();
  const browser = navigator as LooseNavigator;
  const [webgpu, webnn, storage] = await Promise.all([probeWebGpu(), probeWebNn(browser), probeStorage(browser)]);
  return deepFreeze({
    schema: 'facet-report/1',
    engine: { family: engineFamily(browser, globalThis), mobile: isMobile(browser) },
    webgpu,
    wasm: probeWasm(),
    webnn: { available: webnn },
    crossOriginIsolated: globalThis.crossOriginIsolated === true,
    memory: { deviceMemoryGiB: browser.deviceMemory ?? null, ...storage },
    cpu: { cores: browser.hardwareConcurrency || 1 },
    codedCaches: ['wasm', 'webgpu'],
    connection: {
      downlinkMbps: browser.connection?.downlink ?? null,
      saveData: browser.connection?.saveData ?? false,
    },
    probeMs: Math.round((performance.now() - started) * 10) / 10,
  });
}

function probeWasm(): CapabilityReport['wasm'] {
  const threadsReason = missingThreadsReason();
  return {
    simd: hasSimd(),
    relaxedSimd: hasRelaxedSimd(),
    threads: threadsReason === null,
    memory64: hasMemory64(),
    threadsReason,
  };
}

/** Some browsers have `navigator.ml` but no backend behind it: only a context counts. */
async function probeWebNn({ ml }: LooseNavigator): Promise<boolean> {
  if (!ml) return false;
  return ml.createContext().then(
    () => true,
    () => false,
  );
}

async function probeStorage({ storage }: LooseNavigator) {
  const unknown = { quota: undefined };
  const [estimate, persisted] = await Promise.all([
    storage?.estimate?.().catch(() => unknown) ?? unknown,
    storage?.persisted?.().catch(() => false) ?? false,
  ]);
  return { storageQuotaBytes: estimate.quota ?? null, storagePersisted: persisted };
}

import type { WebGpuReport } from '../transport/wire';

const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxStorageBuffersPerShaderStage',
] as const;

/** What browsers know about an adapter; some leave `info` out, some of its fields. */
type LooseInfo = Partial<GPUAdapterInfo>;

/** The adapter's report; null without WebGPU, without an adapter, or where asking for one fails. */
export async function probeWebGpu(): Promise<WebGpuReport | null> {
  const gpu: GPU | undefined = navigator.gpu;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return null;
  const info: LooseInfo = adapter.info ?? {};
  return {
    vendor: info.vendor ?? '',
    architecture: info.architecture ?? '',
    fallbackAdapter: isSoftware(adapter),
    features: [...adapter.features].sort(),
    wgslFeatures: [...(gpu.wgslLanguageFeatures ?? [])].sort(),
    limits: limitsOf(adapter.limits),
    subgroupSize: info.subgroupMinSize || null,
  };
}

/** `isFallbackAdapter` moved from the adapter to its info; rasterisers that do not say so are known by name. */
export function isSoftware(adapter: GPUAdapter): boolean {
  const info: LooseInfo = adapter.info ?? {};
  const flagged = info.isFallbackAdapter ?? (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter;
  const named = /swiftshader|llvmpipe|lavapipe|basic render/i;
  return flagged === true || named.test(`${info.architecture} ${info.device} ${info.description}`);
}

function limitsOf(limits: GPUSupportedLimits): WebGpuReport['limits'] {
  return Object.fromEntries(LIMITS.map((name) => [name, limits[name] ?? 0])) as unknown as WebGpuReport['limits'];
}

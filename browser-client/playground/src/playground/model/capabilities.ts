import type { CapabilityReport } from '../../../../src';
import * as format from '../../shared/format';

/** One measured ability of this browser. */
export interface Capability {
  readonly name: string;
  readonly present: boolean;
  readonly detail: string;
}

export function capabilitiesOf(report: CapabilityReport): Capability[] {
  const { wasm, webgpu, memory, cpu } = report;
  const capabilities: Capability[] = [
    { name: 'WASM SIMD', present: wasm.simd, detail: 'Four or more numbers in one instruction.' },
    { name: 'Relaxed SIMD', present: wasm.relaxedSimd, detail: 'Integer dot products in one instruction.' },
    { name: 'Threads', present: wasm.threads, detail: wasm.threadsReason ?? 'Shared memory between workers.' },
    { name: webGpuName(webgpu), present: webgpu !== null, detail: webGpuDetail(report) },
    { name: format.plural(cpu.cores, 'core'), present: true, detail: 'Logical processors, as the browser reports them.' },
  ];
  if (memory.deviceMemoryGiB !== null) {
    capabilities.push({
      name: `${format.compact(memory.deviceMemoryGiB)} GiB memory`,
      present: true,
      detail: 'As the browser reports it: rounded, and capped for privacy.',
    });
  }
  return capabilities;
}

function webGpuName(webgpu: CapabilityReport['webgpu']): string {
  if (webgpu === null) return 'WebGPU';
  const adapter = webgpu.fallbackAdapter ? 'software' : webgpu.vendor;
  return adapter === '' ? 'WebGPU' : `WebGPU, ${adapter}`;
}

function webGpuDetail({ webgpu }: CapabilityReport): string {
  if (webgpu === null) return 'No adapter.';
  const kind = webgpu.fallbackAdapter ? 'software adapter' : 'adapter';
  return `${webgpu.architecture || webgpu.vendor} ${kind}, buffers up to ${format.bytes(webgpu.limits.maxBufferSize)}.`;
}

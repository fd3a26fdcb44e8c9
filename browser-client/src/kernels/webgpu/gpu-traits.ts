import { isSoftware } from '../../capability/webgpu';
import { USUAL_VARIANTS, type KernelVariants } from '../variants';

/** What of a device decides which kernels it gets. */
export interface GpuTraits {
  /** The adapter computes on the CPU. */
  readonly software: boolean;
  /** Bytes that one binding may see; tensors are cut to it. */
  readonly largestBinding: number;
  /** Size of every subgroup; 0 where it may vary or there are none. */
  readonly subgroup: number;
  /** Whether four 8-bit products are one instruction. */
  readonly packedDot: boolean;
  /** Bytes of workgroup memory. */
  readonly workgroupBytes: number;
  /** Threads of a workgroup at most. */
  readonly invocations: number;
  /** How products are made, of the ways that the rest allows. */
  readonly variants: KernelVariants;
}

/** What a caller may decide instead of the adapter, to reach code that this device would not. */
export interface GpuOverrides extends Partial<GpuTraits> {
  /** Ask for no optional feature and no limit beyond what every device has: about what Safari offers. */
  readonly defaultsOnly?: boolean;
}

/** Traits of a device, with all limits that were asked for. */
export function traitsOf(adapter: GPUAdapter, device: GPUDevice): GpuTraits {
  const { limits } = device;
  const { subgroupMinSize: smallest = 0, subgroupMaxSize: largest = 0 } = (adapter.info ?? {}) as Partial<GPUAdapterInfo>;
  const known = device.features.has('subgroups') && smallest === largest && smallest >= 4;
  return {
    software: isSoftware(adapter),
    largestBinding: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
    subgroup: known ? smallest : 0,
    packedDot: navigator.gpu.wgslLanguageFeatures?.has('packed_4x8_integer_dot_product') ?? false,
    workgroupBytes: limits.maxComputeWorkgroupStorageSize,
    invocations: Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX),
    variants: USUAL_VARIANTS,
  };
}

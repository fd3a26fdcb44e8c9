import { isSoftware } from '../../capability/webgpu';
import { FacetError } from '../../errors';

/** Limits worth asking for beyond the defaults; each is asked for as far as the adapter goes. */
const WANTED_LIMITS = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;

/** What a caller may decide instead of the adapter, to reach code that this device would not. */
export interface GpuOverrides {
  /** Bytes that one binding may see; tensors are cut to it. */
  readonly largestBinding?: number;
  /** Which kernel shapes to use. */
  readonly software?: boolean;
}

/**
 * A device with what all operations share: shaders, cached bind groups and uniforms, and one open command encoder into
 * which everything up to the next read is recorded, so that a token is one submission.
 */
export class GpuContext {
  readonly device: GPUDevice;
  /** The adapter computes on the CPU. */
  readonly software: boolean;
  /** Largest part of a tensor that one binding can see, in bytes. */
  readonly largestBinding: number;
  /** Settles when the device is gone; says why. */
  readonly lost: Promise<Error>;
  readonly #shader: (name: string) => string;
  readonly #bindGroups = new Map<string, GPUBindGroup>();
  readonly #uniforms = new Map<string, GPUBuffer>();
  readonly #ids = new WeakMap<GPUBuffer, number>();
  readonly #buffers = new Set<GPUBuffer>();
  #nextId = 1;
  #encoder: GPUCommandEncoder | null = null;
  #pass: GPUComputePassEncoder | null = null;
  #failure: FacetError | null = null;

  private constructor(device: GPUDevice, shader: (name: string) => string, overrides: Required<GpuOverrides>) {
    this.device = device;
    this.software = overrides.software;
    this.largestBinding = overrides.largestBinding;
    this.#shader = shader;
    this.lost = device.lost.then(({ message }) => {
      this.#failure ??= new FacetError('device-lost', `The graphics device was lost: ${message || 'no reason given'}.`);
      return this.#failure;
    });
    device.addEventListener('uncapturederror', ({ error }) => {
      const code = error instanceof GPUOutOfMemoryError ? 'out-of-memory' : 'kernel-invalid';
      this.#failure ??= new FacetError(code, `The graphics device refused a command: ${error.message}`);
    });
  }

  /** @throws FacetError `no-backend` without an adapter, `device-lost` when it gives no device */
  static async create(shader: (name: string) => string, overrides: GpuOverrides = {}): Promise<GpuContext> {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) throw new FacetError('no-backend', 'This browser has no WebGPU adapter.');
    const requiredLimits = Object.fromEntries(WANTED_LIMITS.map((name) => [name, adapter.limits[name]]));
    try {
      const device = await adapter.requestDevice({ label: 'facet', requiredLimits });
      const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
      const largestBinding = Math.min(maxStorageBufferBindingSize, maxBufferSize);
      return new GpuContext(device, shader, { software: isSoftware(adapter), largestBinding, ...overrides });
    } catch (error) {
      throw new FacetError('device-lost', 'The WebGPU adapter gave no device.', { cause: error });
    }
  }

  /**
   * @param label of the pipeline: unique
   * @param shaders names of WGSL files, put one after the other
   * @throws FacetError `kernel-invalid`
   */
  async pipeline(
    label: string, shaders: readonly string[], constants: Record<string, number> = {},
  ): Promise<GPUComputePipeline> {
    const code = shaders.map((name) => this.#shader(name)).join('\n');
    const module = this.device.createShaderModule({ label, code });
    try {
      return await this.device.createComputePipelineAsync({
        label, layout: 'auto', compute: { module, entryPoint: 'main', constants },
      });
    } catch (error) {
      throw new FacetError('kernel-invalid', `The graphics device refused the kernel ${label}.`, { cause: error });
    }
  }

  storage(label: string, bytes: number): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    return this.buffer(label, bytes, usage);
  }

  buffer(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.device.createBuffer({ label, size: Math.max(16, Math.ceil(bytes / 16) * 16), usage });
    this.#buffers.add(buffer);
    return buffer;
  }

  /** A uniform buffer with these words; equal words under one label share a buffer. */
  uniform(label: string, words: readonly number[]): GPUBuffer {
    const key = `${label}:${words.join()}`;
    const known = this.#uniforms.get(key);
    if (known) return known;
    const uniform = this.buffer(label, words.length * 4, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    this.device.queue.writeBuffer(uniform, 0, Uint32Array.from(words));
    this.#uniforms.set(key, uniform);
    return uniform;
  }

  /** Frees a buffer that commands recorded so far may still read. */
  release(buffer: GPUBuffer): void {
    this.submit();
    this.#bindGroups.clear();
    this.#buffers.delete(buffer);
    buffer.destroy();
  }

  /** Records a dispatch; binding i is buffer i. */
  dispatch(pipeline: GPUComputePipeline, buffers: readonly GPUBuffer[], x: number, y = 1): void {
    this.#encoder ??= this.device.createCommandEncoder({ label: 'facet.step' });
    this.#pass ??= this.#encoder.beginComputePass({ label: 'facet.step' });
    this.#pass.setPipeline(pipeline);
    this.#pass.setBindGroup(0, this.#bindGroup(pipeline, buffers));
    this.#pass.dispatchWorkgroups(x, y);
  }

  /** Records a copy after what was recorded so far. */
  copy(source: GPUBuffer, target: GPUBuffer, bytes: number): void {
    this.#endPass();
    this.#encoder ??= this.device.createCommandEncoder({ label: 'facet.copy' });
    this.#encoder.copyBufferToBuffer(source, 0, target, 0, bytes);
  }

  submit(): void {
    this.#endPass();
    if (!this.#encoder) return;
    this.device.queue.submit([this.#encoder.finish()]);
    this.#encoder = null;
  }

  /**
   * Submits what was recorded and reads a mappable buffer's first bytes.
   *
   * @throws FacetError `device-lost`, `out-of-memory`, `kernel-invalid`
   */
  async read(staging: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    this.submit();
    try {
      await staging.mapAsync(GPUMapMode.READ, 0, bytes);
    } catch (error) {
      await Promise.race([this.lost, new Promise((resolve) => setTimeout(resolve, 100))]);
      throw this.#failure ?? new FacetError('device-lost', 'The graphics device gave no result.', { cause: error });
    }
    const copy = staging.getMappedRange(0, bytes).slice(0);
    staging.unmap();
    if (this.#failure) throw this.#failure;
    return copy;
  }

  destroy(): void {
    this.#pass = null;
    this.#encoder = null;
    for (const buffer of this.#buffers) buffer.destroy();
    this.#buffers.clear();
    this.device.destroy();
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = null;
  }

  #bindGroup(pipeline: GPUComputePipeline, buffers: readonly GPUBuffer[]): GPUBindGroup {
    const key = `${pipeline.label}:${buffers.map((buffer) => this.#id(buffer)).join()}`;
    const known = this.#bindGroups.get(key);
    if (known) return known;
    const group = this.device.createBindGroup({
      label: pipeline.label,
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    this.#bindGroups.set(key, group);
    return group;
  }

  #id(buffer: GPUBuffer): number {
    const known = this.#ids.get(buffer) ?? this.#nextId++;
    this.#ids.set(buffer, known);
    return known;
  }
}

/** The bits of a float, for uniforms. */
export function floatBits(value: number): number {
  SCRATCH.setFloat32(0, value);
  return SCRATCH.getUint32(0);
}

const SCRATCH = new DataView(new ArrayBuffer(4));

import { FacetError } from '../../errors';
import { traitsOf, type GpuOverrides, type GpuTraits } from './gpu-traits';

/** Limits worth asking for beyond the defaults; each is asked for as far as the adapter goes. */
const WANTED_LIMITS = [
  'maxBufferSize', 'maxStorageBufferBindingSize', 'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup', 'maxComputeWorkgroupSizeX',
] as const;

const OPTIONAL_FEATURES: readonly GPUFeatureName[] = ['subgroups', 'timestamp-query'];

const ROUND_TRIPS = 3;

/** A dispatch ready to be recorded. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly x: number;
  readonly y: number;
}

/** Buffers by binding; a hole where the kernel has none. */
export type Bindings = readonly (GPUBuffer | null)[];

/**
 * A device with what all operations share: shaders, cached bind groups and uniforms, and one open command encoder into
 * which everything up to the next read is recorded, so that a token is one submission.
 */
export class GpuContext {
  readonly device: GPUDevice;
  readonly traits: GpuTraits;
  /** Names the adapter, its driver as far as the browser tells, and what was asked of them. */
  readonly adapter: string;
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

  private constructor(device: GPUDevice, shader: (name: string) => string, traits: GpuTraits, adapter: string) {
    this.device = device;
    this.traits = traits;
    this.adapter = adapter;
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
    const { defaultsOnly, ...given } = overrides;
    const requiredLimits = defaultsOnly ? {} : Object.fromEntries(WANTED_LIMITS.map((name) => [name, adapter.limits[name]]));
    const requiredFeatures = defaultsOnly ? [] : OPTIONAL_FEATURES.filter((name) => adapter.features.has(name));
    try {
      const device = await adapter.requestDevice({ label: 'facet', requiredLimits, requiredFeatures });
      const traits = { ...traitsOf(adapter, device), ...(defaultsOnly ? { packedDot: false } : {}), ...given };
      return new GpuContext(device, shader, traits, nameOf(adapter, traits));
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
    return this.compile(label, shaders.map((name) => this.#shader(name)).join('\n'), constants);
  }

  /** @throws FacetError `kernel-invalid` */
  async compile(label: string, code: string, constants: Record<string, number> = {}): Promise<GPUComputePipeline> {
    try {
      return await this.device.createComputePipelineAsync(this.#descriptor(label, code, constants));
    } catch (error) {
      throw new FacetError('kernel-invalid', `The graphics device refused the kernel ${label}.`, { cause: error });
    }
  }

  /** As `compile`, at once: for what was not foreseen. A refusal shows when a result is read. */
  compileNow(label: string, code: string): GPUComputePipeline {
    return this.device.createComputePipeline(this.#descriptor(label, code, {}));
  }

  /** Text of a WGSL file. */
  shader(name: string): string {
    return this.#shader(name);
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

  /** A dispatch to record now or again and again; binding i is buffer i. */
  prepare(pipeline: GPUComputePipeline, buffers: Bindings, x: number, y = 1): Dispatch {
    return { pipeline, bindings: this.#bindGroup(pipeline, buffers), x, y };
  }

  /** Records a dispatch after what was recorded so far. */
  record({ pipeline, bindings, x, y }: Dispatch): void {
    this.#encoder ??= this.device.createCommandEncoder({ label: 'facet.step' });
    this.#pass ??= this.#encoder.beginComputePass({ label: 'facet.step' });
    this.#pass.setPipeline(pipeline);
    this.#pass.setBindGroup(0, bindings);
    this.#pass.dispatchWorkgroups(x, y);
  }

  /** Prepares and records. */
  dispatch(pipeline: GPUComputePipeline, buffers: Bindings, x: number, y = 1): void {
    this.record(this.prepare(pipeline, buffers, x, y));
  }

  /** Records a copy after what was recorded so far. */
  copy(source: GPUBuffer, target: GPUBuffer, bytes: number, at = 0): void {
    this.#endPass();
    this.#encoder ??= this.device.createCommandEncoder({ label: 'facet.copy' });
    this.#encoder.copyBufferToBuffer(source, 0, target, at, bytes);
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

  /** Least milliseconds until a result that takes no work is read. */
  async roundTrip(): Promise<number> {
    const source = this.buffer('GpuContext.roundTrip', 4, GPUBufferUsage.COPY_SRC);
    const staging = this.buffer('GpuContext.roundTrip', 4, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    let least = Infinity;
    for (let i = 0; i < ROUND_TRIPS; i++) {
      const started = performance.now();
      this.copy(source, staging, 4);
      await this.read(staging, 4);
      least = Math.min(least, performance.now() - started);
    }
    this.release(source);
    this.release(staging);
    return least;
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

  #descriptor(label: string, code: string, constants: Record<string, number>): GPUComputePipelineDescriptor {
    const module = this.device.createShaderModule({ label, code });
    return { label, layout: 'auto', compute: { module, entryPoint: 'main', constants } };
  }

  #bindGroup(pipeline: GPUComputePipeline, buffers: Bindings): GPUBindGroup {
    const key = `${pipeline.label}:${buffers.map((buffer) => (buffer ? this.#id(buffer) : 0)).join()}`;
    const known = this.#bindGroups.get(key);
    if (known) return known;
    const group = this.device.createBindGroup({
      label: pipeline.label,
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.flatMap((buffer, binding) => (buffer ? [{ binding, resource: { buffer } }] : [])),
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

function nameOf(adapter: GPUAdapter, traits: GpuTraits): string {
  const { vendor, architecture, device, description } = (adapter.info ?? {}) as Partial<GPUAdapterInfo>;
  return JSON.stringify([vendor, architecture, device, description, traits]);
}

/** The bits of a float, for uniforms. */
export function floatBits(value: number): number {
  SCRATCH.setFloat32(0, value);
  return SCRATCH.getUint32(0);
}

const SCRATCH = new DataView(new ArrayBuffer(4));

import { matrixBytes, type MatrixShape } from '../../codec/packed-tensor';
import type { PlaneSegment } from '../../codec/segment';
import type { BackendMemory, Floats, KernelBackend, KvCache, KvShape, Matrix, Product, Rows } from '../backend';
import { ArgmaxKernel } from './argmax';
import { AttentionKernel } from './attention';
import { EmbedKernel } from './embed';
import { GpuContext, type GpuOverrides } from './gpu-context';
import { padRows, strideOf, unpadRows, type GpuFloats } from './gpu-floats';
import { GpuMatrix } from './gpu-matrix';
import { MergeKernel } from './merge';
import { MultiplyKernel } from './multiply';
import { RmsNormKernel } from './rms-norm';
import { RopeStoreKernel, type GpuLayerCache } from './rope-store';
import { SiluMulKernel } from './silu-mul';

interface GpuCache extends KvCache {
  readonly layers: readonly GpuLayerCache[];
}

interface Kernels {
  readonly merge: MergeKernel;
  readonly embed: EmbedKernel;
  readonly norm: RmsNormKernel;
  readonly multiply: MultiplyKernel;
  readonly ropeStore: RopeStoreKernel;
  readonly attention: AttentionKernel;
  readonly siluMul: SiluMulKernel;
  readonly argmax: ArgmaxKernel;
}

/**
 * Records a step's operations and submits them when a result is read or the next step begins. All arithmetic is f32 in
 * plain WGSL: no optional feature is needed.
 */
export class WebGpuBackend implements KernelBackend {
  readonly name = 'webgpu';
  readonly maxStep = 32;
  readonly lost: Promise<Error>;
  readonly #context: GpuContext;
  readonly #kernels: Kernels;
  readonly #step: GPUBuffer;
  readonly #tokens: GPUBuffer;
  readonly #memory = { weightBytes: 0, kvBytes: 0, workBytes: 0 };
  #staging: GPUBuffer | null = null;
  #count = 0;

  private constructor(context: GpuContext, kernels: Kernels) {
    this.#context = context;
    this.#kernels = kernels;
    this.lost = context.lost;
    this.#step = context.buffer('WebGpuBackend.step', 8, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    this.#tokens = context.storage('WebGpuBackend.tokens', this.maxStep * 4);
  }

  /**
   * @param shader text of a WGSL file by its name
   * @throws FacetError `no-backend`, `device-lost`, `kernel-invalid`
   */
  static async create(shader: (name: string) => string, overrides: GpuOverrides = {}): Promise<WebGpuBackend> {
    const context = await GpuContext.create(shader, overrides);
    const [merge, embed, norm, multiply, ropeStore, attention, siluMul, argmax] = await Promise.all([
      MergeKernel.create(context),
      EmbedKernel.create(context),
      RmsNormKernel.create(context),
      MultiplyKernel.create(context),
      RopeStoreKernel.create(context),
      AttentionKernel.create(context),
      SiluMulKernel.create(context),
      ArgmaxKernel.create(context),
    ]);
    return new WebGpuBackend(context, { merge, embed, norm, multiply, ropeStore, attention, siluMul, argmax });
  }

  get memory(): BackendMemory {
    return { ...this.#memory };
  }

  matrix(shape: MatrixShape): Matrix {
    this.#memory.weightBytes += matrixBytes(shape);
    return new GpuMatrix(this.#context, shape);
  }

  merge(matrix: Matrix, segments: readonly PlaneSegment[]): void {
    this.#context.submit();
    (matrix as GpuMatrix).merge(segments, this.#kernels.merge);
  }

  constants(values: Float32Array): Floats {
    this.#memory.weightBytes += values.byteLength;
    return this.#store('constants', values, values.length);
  }

  activations(label: string, width: number, rows = this.maxStep): GpuFloats {
    const stride = strideOf(width);
    this.#memory.workBytes += stride * rows * 4;
    const buffer = this.#context.storage(`activations.${label}`, stride * rows * 4);
    return { buffer, width, stride, length: width * rows };
  }

  upload(label: string, values: Float32Array, rows: number): Floats {
    const floats = this.activations(label, values.length / rows);
    this.#context.device.queue.writeBuffer(floats.buffer, 0, padRows(values, floats.width));
    return floats;
  }

  cache(shape: KvShape): KvCache {
    const bytes = shape.kvHeads * shape.capacity * shape.headDim * 4;
    this.#memory.kvBytes += 2 * bytes * shape.layers;
    const layers = Array.from({ length: shape.layers }, (_, layer) => ({
      keys: this.#context.storage(`cache.${layer}.keys`, bytes),
      values: this.#context.storage(`cache.${layer}.values`, bytes),
    }));
    const cache: GpuCache = { shape, layers };
    return cache;
  }

  rotation(table: Float32Array): Floats {
    this.#memory.workBytes += table.byteLength;
    return this.#store('rotation', table, table.length);
  }

  begin(tokens: readonly number[], position: number): void {
    this.#context.submit();
    this.#count = tokens.length;
    const { queue } = this.#context.device;
    queue.writeBuffer(this.#step, 0, Uint32Array.of(position, tokens.length));
    queue.writeBuffer(this.#tokens, 0, Uint32Array.from(tokens));
  }

  embed(table: Matrix, out: Floats): void {
    this.#kernels.embed.embed(table as GpuMatrix, this.#step, this.#tokens, out as GpuFloats, this.#count);
  }

  norm(x: Floats, gain: Floats, out: Floats, epsilon: number, rows: Rows): void {
    const [from, by, to] = [x, gain, out] as [GpuFloats, GpuFloats, GpuFloats];
    this.#kernels.norm.norm(from, by, to, epsilon, this.#step, this.#count, rows);
  }

  multiply(x: Floats, products: readonly Product[], rows: Rows, accumulate: boolean): void {
    const count = rows === 'last' ? 1 : this.#count;
    for (const { matrix, out } of products) {
      const target = out as GpuFloats;
      this.#kernels.multiply.multiply(x as GpuFloats, matrix as GpuMatrix, target, this.#step, count, accumulate);
    }
  }

  rotateAndStore(query: Floats, key: Floats, value: Floats, rotation: Floats, cache: KvCache, layer: number): void {
    const { layers, shape } = cache as GpuCache;
    const [q, k, v, table] = [query, key, value, rotation] as [GpuFloats, GpuFloats, GpuFloats, GpuFloats];
    this.#kernels.ropeStore.store(q, k, v, table, layers[layer]!, shape, this.#step, this.#count);
  }

  attend(query: Floats, cache: KvCache, layer: number, out: Floats): void {
    const { layers, shape } = cache as GpuCache;
    const [from, to] = [query, out] as [GpuFloats, GpuFloats];
    this.#kernels.attention.attend(from, layers[layer]!, shape, to, this.#step, this.#count);
  }

  gate(gate: Floats, up: Floats): void {
    this.#kernels.siluMul.gate(gate as GpuFloats, up as GpuFloats, this.#count);
  }

  /** Submission waits for the read that nearly always follows: one submission a token. */
  end(): void {}

  likeliest(logits: Floats, count: number): Promise<number> {
    return this.#kernels.argmax.argmax(logits as GpuFloats, count);
  }

  async read(values: Floats, count: number): Promise<Float32Array> {
    const { buffer, width, stride } = values as GpuFloats;
    const bytes = Math.ceil(count / width) * stride * 4;
    const staging = this.#stagingOf(bytes);
    this.#context.copy(buffer, staging, bytes);
    return unpadRows(new Float32Array(await this.#context.read(staging, bytes)), width, count);
  }

  destroy(): void {
    this.#context.destroy();
  }

  #stagingOf(bytes: number): GPUBuffer {
    if (this.#staging && this.#staging.size >= bytes) return this.#staging;
    this.#staging = this.#context.buffer('WebGpuBackend.staging', bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    return this.#staging;
  }

  #store(label: string, values: Float32Array, width: number): GpuFloats {
    const buffer = this.#context.storage(label, values.byteLength);
    this.#context.device.queue.writeBuffer(buffer, 0, values as Float32Array<ArrayBuffer>);
    return { buffer, width, stride: width, length: values.length };
  }
}

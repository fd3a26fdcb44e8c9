import { matrixBytes, type MatrixShape } from '../../codec/packed-tensor';
import type { PlaneSegment } from '../../codec/segment';
import {
  PICKED, WHOLE_SPAN, type AttentionSpan, type BackendMemory, type Floats, type Heads, type KernelBackend, type KvCache, type KvShape, type Matrix, type MatrixUse,
  type Product, type Rows,
} from '../backend';
import type { Activation } from '../../transport/wire';
import { ArgmaxKernel } from './argmax';
import { AttentionKernel } from './attention';
import { EmbedKernel } from './embed';
import { ElementwiseKernels } from './elementwise';
import { FastMultiply } from './fast-multiply';
import { GateMulKernel } from './gate-mul';
import { GpuContext, type Dispatch } from './gpu-context';
import { padRows, strideOf, unpadRows, type GpuFloats } from './gpu-floats';
import type { GpuOverrides } from './gpu-traits';
import { GpuStack, type GpuMatrix } from './gpu-stack';
import { prepareProducts } from './kernel-check';
import { MergeKernel } from './merge';
import { PlainMultiply } from './plain-multiply';
import { RmsNormKernel } from './rms-norm';
import { RopeStoreKernel, type GpuLayerCache } from './rope-store';
import { sameOperations, StepCompiler, type Operation } from './step-compiler';

export interface GpuCache extends KvCache {
  readonly layers: readonly GpuLayerCache[];
}

export interface Kernels {
  readonly merge: MergeKernel;
  readonly embed: EmbedKernel;
  readonly norm: RmsNormKernel;
  readonly plain: PlainMultiply;
  readonly fast: FastMultiply;
  readonly ropeStore: RopeStoreKernel;
  readonly attention: AttentionKernel;
  readonly gateMul: GateMulKernel;
  readonly elementwise: ElementwiseKernels;
  readonly argmax: ArgmaxKernel;
}

/** A step's dispatches, and what they were made from: the next step is nearly always the same. */
interface Program {
  readonly operations: readonly Operation[];
  readonly count: number;
  readonly splits: number;
  readonly dispatches: readonly Dispatch[];
}

/** Most tokens in a step: few for the plain kernels, whole tiles for the tiled ones. */
const PLAIN_STEP = 32;
const TILED_STEP = 128;
/** Decoding, prefill and its last step. */
const PROGRAMS_KEPT = 4;

/**
 * Records a step's operations, fuses them, and submits them when a result is read or the next step begins. Kernels are cut
 * for the device (`tuning.ts`); plain WGSL that needs no optional feature stands in where a device lacks something.
 */
export class WebGpuBackend implements KernelBackend {
  readonly name = 'webgpu';
  readonly maxStep: number;
  /** Reading a result takes the host about as long as a step takes the device; four keep a fast one busy. */
  readonly lookahead = 4;
  readonly lost: Promise<Error>;
  readonly #context: GpuContext;
  readonly #kernels: Kernels;
  readonly #compiler: StepCompiler;
  readonly #step: GPUBuffer;
  readonly #tokens: GPUBuffer;
  readonly #memory = { weightBytes: 0, kvBytes: 0, workBytes: 0 };
  #staging: GPUBuffer | null = null;
  #position = 0;
  #count = 0;
  #operations: Operation[] = [];
  readonly #programs: Program[] = [];

  private constructor(context: GpuContext, maxStep: number, tokens: GPUBuffer, kernels: Kernels) {
    this.#context = context;
    this.#kernels = kernels;
    this.#compiler = new StepCompiler(kernels);
    this.lost = context.lost;
    this.maxStep = maxStep;
    this.#step = context.buffer('WebGpuBackend.step', 8, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    this.#tokens = tokens;
  }

  /**
   * @param shader text of a WGSL file by its name
   * @throws FacetError `no-backend`, `device-lost`, `kernel-invalid`
   */
  static async create(shader: (name: string) => string, overrides: GpuOverrides = {}): Promise<WebGpuBackend> {
    const context = await GpuContext.create(shader, overrides);
    const maxStep = context.traits.software ? PLAIN_STEP : TILED_STEP;
    const tokens = context.storage('WebGpuBackend.tokens', maxStep * 4);
    const [merge, embed, norm, plain, ropeStore, attention, gateMul, elementwise, argmax] = await Promise.all([
      MergeKernel.create(context),
      EmbedKernel.create(context),
      RmsNormKernel.create(context),
      PlainMultiply.create(context),
      RopeStoreKernel.create(context),
      AttentionKernel.create(context),
      GateMulKernel.create(context),
      ElementwiseKernels.create(context),
      ArgmaxKernel.create(context, tokens),
    ]);
    const fast = new FastMultiply(context);
    const kernels = { merge, embed, norm, plain, fast, ropeStore, attention, gateMul, elementwise, argmax };
    return new WebGpuBackend(context, maxStep, tokens, kernels);
  }

  /** Kernels that failed their check on this device; plain ones stand in for them. */
  get replaced(): readonly string[] {
    return this.#kernels.fast.refused;
  }

  get memory(): BackendMemory {
    return { ...this.#memory };
  }

  matrix(shape: MatrixShape): Matrix {
    return this.stack([shape])[0]!;
  }

  stack(shapes: readonly MatrixShape[]): readonly Matrix[] {
    if (shapes.length > 1 && !this.#stackable(shapes)) return shapes.map((shape) => this.matrix(shape));
    for (const shape of shapes) this.#memory.weightBytes += matrixBytes(shape);
    return new GpuStack(this.#context, shapes).matrices;
  }

  async prepare(uses: readonly MatrixUse[], heads: Heads): Promise<void> {
    const stacked = uses.flatMap((use) => {
      if (use.shapes.length === 1 || this.#stackable(use.shapes)) return [use];
      return use.shapes.map((shape) => ({ ...use, shapes: [shape], gated: false }));
    });
    await Promise.all([prepareProducts(this.#context, this.#kernels.fast, stacked), this.#kernels.attention.prepare(heads)]);
  }

  merge(matrix: Matrix, segments: readonly PlaneSegment[]): void {
    this.#flush();
    this.#context.submit();
    const { stack } = matrix as GpuMatrix;
    if (stack.merge(matrix as GpuMatrix, segments, this.#kernels.merge)) this.#programs.length = 0;
  }

  constants(values: Float32Array): Floats {
    this.#memory.weightBytes += values.byteLength;
    return this.#store('constants', values, values.length);
  }

  activations(label: string, width: number, rows = this.maxStep, transient = false): GpuFloats {
    const stride = strideOf(width);
    this.#memory.workBytes += stride * rows * 4;
    const buffer = this.#context.storage(`activations.${label}`, stride * rows * 4);
    return { buffer, width, stride, length: width * rows, transient };
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

  begin(tokens: readonly number[] | typeof PICKED, position: number): void {
    this.#flush();
    this.#context.submit();
    this.#position = position;
    this.#count = tokens === PICKED ? 1 : tokens.length;
    const { queue } = this.#context.device;
    queue.writeBuffer(this.#step, 0, Uint32Array.of(position, this.#count));
    if (tokens !== PICKED) queue.writeBuffer(this.#tokens, 0, Uint32Array.from(tokens));
  }

  embed(table: Matrix, out: Floats): void {
    this.#operations.push({ kind: 'embed', table: table as GpuMatrix, out: out as GpuFloats });
  }

  norm(x: Floats, gain: Floats, out: Floats, epsilon: number, rows: Rows): void {
    const [input, by, to] = [x, gain, out] as [GpuFloats, GpuFloats, GpuFloats];
    this.#operations.push({ kind: 'norm', x: input, gain: by, out: to, epsilon, rows });
  }

  multiply(x: Floats, products: readonly Product[], rows: Rows, accumulate: boolean): void {
    const matrices = products.map(({ matrix }) => matrix as GpuMatrix);
    const outs = products.map(({ out }) => out as GpuFloats);
    this.#operations.push({ kind: 'multiply', x: x as GpuFloats, matrices, outs, rows, accumulate });
  }

  rotateAndStore(query: Floats, key: Floats, value: Floats, rotation: Floats, cache: KvCache, layer: number): void {
    const [q, k, v, table] = [query, key, value, rotation] as [GpuFloats, GpuFloats, GpuFloats, GpuFloats];
    this.#operations.push({ kind: 'rotate', query: q, key: k, value: v, rotation: table, cache: cache as GpuCache, layer });
  }

  attend(query: Floats, cache: KvCache, layer: number, out: Floats, span: AttentionSpan = WHOLE_SPAN): void {
    const [input, to] = [query, out] as [GpuFloats, GpuFloats];
    this.#operations.push({ kind: 'attend', query: input, cache: cache as GpuCache, layer, out: to, span });
  }

  gate(gate: Floats, up: Floats, activation: Activation = 'silu'): void {
    this.#operations.push({ kind: 'gate', gate: gate as GpuFloats, up: up as GpuFloats, activation });
  }

  normHeads(x: Floats, gain: Floats, epsilon: number): void {
    this.#operations.push({ kind: 'normHeads', x: x as GpuFloats, gain: gain as GpuFloats, epsilon });
  }

  addVector(x: Floats, vector: Floats): void {
    this.#operations.push({ kind: 'add', x: x as GpuFloats, y: vector as GpuFloats, one: true });
  }

  add(x: Floats, y: Floats): void {
    this.#operations.push({ kind: 'add', x: x as GpuFloats, y: y as GpuFloats, one: false });
  }

  softcap(x: Floats, bound: number): void {
    this.#operations.push({ kind: 'softcap', x: x as GpuFloats, bound });
  }

  /** Submission waits for the read that nearly always follows: one submission a token. */
  end(): void {
    this.#flush();
  }

  likeliest(logits: Floats, count: number): Promise<number> {
    this.#flush();
    return this.#kernels.argmax.argmax(logits as GpuFloats, count);
  }

  async read(values: Floats, count: number): Promise<Float32Array> {
    this.#flush();
    const { buffer, width, stride } = values as GpuFloats;
    const bytes = Math.ceil(count / width) * stride * 4;
    const staging = this.#stagingOf(bytes);
    this.#context.copy(buffer, staging, bytes);
    return unpadRows(new Float32Array(await this.#context.read(staging, bytes)), width, count);
  }

  destroy(): void {
    this.#context.destroy();
  }

  /** Records what was asked for since the last time. */
  #flush(): void {
    if (this.#operations.length === 0) return;
    const operations = this.#operations;
    this.#operations = [];
    for (const dispatch of this.#program(operations).dispatches) this.#context.record(dispatch);
  }

  /** The dispatches of a step; steps like an earlier one find them made. */
  #program(operations: readonly Operation[]): Program {
    const count = this.#count;
    const splits = this.#kernels.attention.splits(this.#position, count);
    const known = this.#programs.find((program) =>
      program.count === count && program.splits === splits && sameOperations(program.operations, operations));
    if (known) return known;
    const facts = { step: this.#step, tokens: this.#tokens, count, splits };
    const program = { operations, count, splits, dispatches: this.#compiler.compile(operations, facts) };
    this.#programs.unshift(program);
    this.#programs.length = Math.min(this.#programs.length, PROGRAMS_KEPT);
    return program;
  }

  #stackable(shapes: readonly MatrixShape[]): boolean {
    const { software, largestBinding } = this.#context.traits;
    return !software && shapes.length <= 3 && GpuStack.fits(shapes, largestBinding);
  }

  #stagingOf(bytes: number): GPUBuffer {
    if (this.#staging && this.#staging.size >= bytes) return this.#staging;
    this.#staging = this.#context.buffer('WebGpuBackend.staging', bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    return this.#staging;
  }

  #store(label: string, values: Float32Array, width: number): GpuFloats {
    const buffer = this.#context.storage(label, values.byteLength);
    this.#context.device.queue.writeBuffer(buffer, 0, values as Float32Array<ArrayBuffer>);
    return { buffer, width, stride: width, length: values.length, transient: false };
  }
}

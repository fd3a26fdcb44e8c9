import { matrixBytes, type MatrixShape } from '../../codec/packed-tensor';
import type { PlaneSegment } from '../../codec/segment';
import {
  PICKED, WHOLE_SPAN, type AttentionSpan, type BackendMemory, type EncoderOperations, type Floats, type Heads, type KernelBackend, type KvCache,
  type KvShape, type Matrix, type MatrixUse,
  type Product, type Rows, type TokenSampling,
} from '../backend';
import type { Activation } from '../../transport/wire';
import type { VariantChoice } from '../variants';
import { GpuCache } from './gpu-cache';
import { GpuContext } from './gpu-context';
import { GpuEncoderOperations } from './gpu-encoder-operations';
import { padRows, strideOf, unpadRows, type GpuFloats } from './gpu-floats';
import type { GpuOverrides } from './gpu-traits';
import { GpuStack, type GpuMatrix } from './gpu-stack';
import type { KvPrecision } from '../kv-format';
import { createKernels, type Kernels } from './kernels';
import { PickedToken } from './picked-token';
import type { Operation } from './step-compiler';
import { attentionCandidates } from './self-test/attention-checks';
import { elementwiseCandidates } from './self-test/elementwise-checks';
import { encoderCandidates } from './self-test/encoder-checks';
import { KernelVerdicts, type VerdictStore } from './self-test/kernel-verdicts';
import { operationCandidates } from './self-test/operation-checks';
import { productCandidates } from './self-test/product-checks';
import { selfTest } from './self-test/self-test';
import { tensorCandidates } from './self-test/tensor-checks';
import { StepPrograms } from './step-programs';
import { variantsOf } from './tuning';

/** Which tokens a step takes, and what it leads to. */
export interface StepBuffers {
  readonly maxStep: number;
  readonly step: GPUBuffer;
  readonly tokens: GPUBuffer;
  readonly picked: PickedToken;
}

/** Most tokens in a step: few for the plain kernels, whole tiles for the tiled ones. */
const PLAIN_STEP = 32;
const TILED_STEP = 128;

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
  readonly encoders: EncoderOperations;
  readonly #context: GpuContext;
  readonly #kernels: Kernels;
  readonly #programs: StepPrograms;
  readonly #buffers: StepBuffers;
  readonly #verdicts: VerdictStore | null;
  readonly #memory = { weightBytes: 0, kvBytes: 0, workBytes: 0 };
  #staging: GPUBuffer | null = null;
  #roundTripMs = 0;
  #position = 0;
  #count = 0;
  #operations: Operation[] = [];

  private constructor(context: GpuContext, kernels: Kernels, buffers: StepBuffers, verdicts: VerdictStore | null) {
    this.#context = context;
    this.#kernels = kernels;
    this.#programs = new StepPrograms(kernels);
    this.lost = context.lost;
    this.maxStep = buffers.maxStep;
    this.#buffers = buffers;
    this.#verdicts = verdicts;
    this.encoders = new GpuEncoderOperations(
      (operation) => void this.#operations.push(operation),
      (buffer, at, values) => {
        this.#flush();
        context.submit();
        context.device.queue.writeBuffer(buffer, at, values);
      },
    );
  }

  /**
   * @param shader text of a WGSL file by its name
   * @param verdicts where what checks find on an adapter is kept; null to check everything every time
   * @throws FacetError `no-backend`, `device-lost`, `kernel-invalid`
   */
  static async create(
    shader: (name: string) => string, overrides: GpuOverrides = {}, verdicts: ((adapter: string) => VerdictStore) | null = null,
  ): Promise<WebGpuBackend> {
    const context = await GpuContext.create(shader, overrides);
    const maxStep = context.traits.software ? PLAIN_STEP : TILED_STEP;
    const tokens = context.storage('WebGpuBackend.tokens', maxStep * 4);
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    const step = context.buffer('WebGpuBackend.step', 8, usage);
    const [kernels, picked] = await Promise.all([createKernels(context), PickedToken.create(context, step, tokens)]);
    return new WebGpuBackend(context, kernels, { maxStep, step, tokens, picked }, verdicts?.(context.adapter) ?? null);
  }

  /** Kernels that failed their check on this device; plain ones stand in for them. */
  get replaced(): readonly string[] {
    const { fast, attention } = this.#kernels;
    return [...fast.refused, ...(attention.refused ? [attention.refused] : [])];
  }

  get variants(): VariantChoice {
    const use: VariantChoice['use'] = (variants) => {
      this.#flush();
      this.#kernels.fast.use(variants);
      this.#programs.forget();
    };
    return { ...variantsOf(this.#context.traits), use };
  }

  get roundTripMs(): number {
    return this.#roundTripMs;
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

  async prepare(
    uses: readonly MatrixUse[], decoder: Heads | null, precision: KvPrecision | null = null, encoder: Heads | null = null,
  ): Promise<void> {
    const stacked = uses.flatMap((use) => {
      if (use.shapes.length === 1 || this.#stackable(use.shapes)) return [use];
      return use.shapes.map((shape) => ({ ...use, shapes: [shape], gated: false }));
    });
    const products = await productCandidates(this.#kernels.fast, stacked);
    const attention = [
      ...(decoder ? attentionCandidates(this.#kernels, { ...headsOf(decoder), precision, everything: false }) : []),
      ...(encoder ? attentionCandidates(this.#kernels, { ...headsOf(encoder), precision: null, everything: true }) : []),
    ];
    const candidates = [
      ...products, ...attention, ...(encoder ? encoderCandidates(this.#kernels) : []), ...elementwiseCandidates(this.#kernels),
      ...operationCandidates(this.#kernels, this.#buffers), ...tensorCandidates(this.#kernels),
    ];
    await selfTest(this.#context, candidates, await KernelVerdicts.open(this.#verdicts));
    this.#roundTripMs = await this.#context.roundTrip();
  }

  merge(matrix: Matrix, segments: readonly PlaneSegment[]): void {
    this.#flush();
    this.#context.submit();
    const { stack } = matrix as GpuMatrix;
    if (stack.merge(matrix as GpuMatrix, segments, this.#kernels.merge)) this.#programs.forget();
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
    const cache = new GpuCache(this.#context, shape);
    this.#memory.kvBytes += cache.bytes;
    return cache;
  }

  rotation(table: Float32Array): Floats {
    this.#memory.workBytes += table.byteLength;
    return this.#store('rotation', table, table.length);
  }

  begin(tokens: readonly number[] | typeof PICKED, position: number): void {
    this.#flush();
    this.#position = position;
    this.#count = tokens === PICKED ? 1 : tokens.length;
    if (tokens === PICKED) return this.#context.record(this.#buffers.picked.advance);
    this.#context.submit();
    const { queue } = this.#context.device;
    queue.writeBuffer(this.#buffers.step, 0, Uint32Array.of(position, this.#count));
    queue.writeBuffer(this.#buffers.tokens, 0, Uint32Array.from(tokens));
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
    const dispatches = this.#kernels.argmax.argmax(logits as GpuFloats, count, this.#buffers.picked.buffer);
    for (const dispatch of dispatches) this.#context.record(dispatch);
    return this.#buffers.picked.read();
  }

  sample(logits: Floats, count: number, sampling: TokenSampling): Promise<number> {
    this.#flush();
    this.#context.record(this.#kernels.sample.sample(logits as GpuFloats, count, sampling, this.#buffers.step, this.#buffers.picked.buffer));
    return this.#buffers.picked.read();
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
    const splits = this.#kernels.attention.splits(this.#position, this.#count);
    const facts = { ...this.#buffers, count: this.#count, splits };
    for (const dispatch of this.#programs.dispatches(operations, facts)) this.#context.record(dispatch);
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

/** Just the heads, of whatever else describes them. */
function headsOf({ heads, kvHeads, headDim }: Heads): Heads {
  return { heads, kvHeads, headDim };
}

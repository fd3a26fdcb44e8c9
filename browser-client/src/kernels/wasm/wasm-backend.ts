import { matrixBytes, type MatrixShape } from '../../codec/packed-tensor';
import type { PlaneSegment } from '../../codec/segment';
import {
  WHOLE_SPAN, type AttentionSpan, type EncoderOperations, type Floats, type KernelBackend, type KvCache, type KvShape, type Matrix, type Product,
  type Rows,
} from '../backend';
import type { Activation } from '../../transport/wire';
import { Arena, newMemory } from './arena';
import { compile, instantiate, type WasmKernels } from './exports';
import { Team, type TeamOptions } from './team';
import { wasmCache, type Positions, type WasmCache } from './wasm-cache';
import { WasmEncoderOperations } from './wasm-encoder-operations';
import { MERGE_GROUPS, WasmMatrix } from './wasm-matrix';
import { WasmProducts } from './wasm-products';

interface WasmFloats extends Floats {
  readonly address: number;
  /** Floats in a row of the step. */
  readonly width: number;
}

/** Runs every operation at once with the kernels of a module built from `wasm/assembly`, on one thread or on several. */
export class WasmBackend implements KernelBackend {
  readonly name = 'wasm';
  readonly maxStep = 32;
  readonly lost = new Promise<Error>(() => undefined);
  readonly encoders: EncoderOperations;
  readonly #kernels: WasmKernels;
  readonly #arena: Arena;
  readonly #team: Team;
  readonly #products: WasmProducts;
  readonly #mergeScratch: number;
  #weightBytes = 0;
  #kvBytes = 0;
  #tokens: readonly number[] = [];
  #position = 0;

  private constructor(kernels: WasmKernels, arena: Arena, team: Team) {
    this.#kernels = kernels;
    this.#arena = arena;
    this.#team = team;
    this.#products = new WasmProducts(kernels, arena, this.maxStep, team.threads);
    this.encoders = new WasmEncoderOperations(kernels, arena, () => this.#tokens.length);
    this.#mergeScratch = arena.allocate(MERGE_GROUPS * 4);
  }

  /**
   * @param bytes a module of `MODULES`: one for threads with `team`, one for a single thread without
   * @throws FacetError `kernel-invalid`, `out-of-memory`
   */
  static async create(bytes: Uint8Array<ArrayBuffer>, team: TeamOptions | null = null): Promise<WasmBackend> {
    const module = await compile(bytes);
    const memory = newMemory(team !== null);
    const kernels = await instantiate(module, memory);
    const arena = new Arena(memory, kernels.heapBase.value);
    const job = arena.allocate(kernels.jobBytes.value);
    return new WasmBackend(kernels, arena, new Team(module, kernels, memory, job, team));
  }

  /** Threads that work. */
  get threads(): number {
    return this.#team.threads;
  }

  get memory() {
    const workBytes = this.#arena.used - this.#weightBytes - this.#kvBytes;
    return { weightBytes: this.#weightBytes, kvBytes: this.#kvBytes, workBytes };
  }

  matrix(shape: MatrixShape): Matrix {
    this.#products.reserve(shape.cols);
    this.#weightBytes += matrixBytes(shape);
    return new WasmMatrix(this.#arena, shape);
  }

  merge(matrix: Matrix, segments: readonly PlaneSegment[]): void {
    (matrix as WasmMatrix).merge(segments, this.#kernels, this.#mergeScratch);
  }

  constants(values: Float32Array): Floats {
    this.#weightBytes += values.byteLength;
    return this.#store(values);
  }

  upload(label: string, values: Float32Array, rows: number): Floats {
    const floats = this.activations(label, values.length / rows);
    this.#arena.floats(floats.address, values.length).set(values);
    return floats;
  }

  activations(_label: string, width: number, rows = this.maxStep): WasmFloats {
    return { address: this.#arena.allocate(width * rows * 4), width, length: width * rows };
  }

  cache(shape: KvShape): KvCache {
    const { threads } = this.#team;
    const cache = wasmCache(shape, { kernels: this.#kernels, arena: this.#arena, threads, maxStep: this.maxStep });
    this.#kvBytes += cache.bytes;
    return cache;
  }

  rotation(table: Float32Array): Floats {
    return this.#store(table);
  }

  begin(tokens: readonly number[], position: number): void {
    this.#tokens = tokens;
    this.#position = position;
  }

  embed(table: Matrix, out: Floats): void {
    const matrix = table as WasmMatrix;
    const { cols, shift } = matrix.shape;
    const rowScales = this.#arena.floats(matrix.rowScales, matrix.shape.rows);
    this.#tokens.forEach((token, t) => {
      this.#kernels.q_row(
        matrix.rowCodes(token), matrix.scaleBytes + token * matrix.groups, rowScales[token]!,
        matrix.layout, matrix.depth, shift, cols, address(out) + t * cols * 4,
      );
    });
  }

  norm(x: Floats, gain: Floats, out: Floats, epsilon: number, rows: Rows): void {
    const width = gain.length;
    const first = rows === 'last' ? this.#tokens.length - 1 : 0;
    for (let t = first; t < this.#tokens.length; t++) {
      const target = address(out) + (t - first) * width * 4;
      this.#kernels.f32_rmsnorm(address(x) + t * width * 4, address(gain), target, width, epsilon);
    }
  }

  multiply(x: Floats, products: readonly Product[], rows: Rows, accumulate: boolean): void {
    const count = rows === 'last' ? 1 : this.#tokens.length;
    const targets = products.map(({ matrix, out }) => ({ matrix: matrix as WasmMatrix, out: address(out) }));
    this.#products.multiply(address(x), targets, count, accumulate);
  }

  rotateAndStore(query: Floats, key: Floats, value: Floats, rotation: Floats, cache: KvCache, layer: number): void {
    const { headDim, kvHeads, capacity } = cache.shape;
    const { width } = query as WasmFloats;
    const half = (headDim / 2) * 4;
    for (let t = 0; t < this.#tokens.length; t++) {
      const position = this.#position + t;
      const cosines = address(rotation) + position * half;
      const sines = cosines + capacity * half;
      const keyRow = address(key) + t * kvHeads * headDim * 4;
      this.#kernels.f32_rope(address(query) + t * width * 4, cosines, sines, width / headDim, headDim);
      this.#kernels.f32_rope(keyRow, cosines, sines, kvHeads, headDim);
    }
    (cache as WasmCache).append(layer, address(key), address(value), this.#positions);
  }

  attend(query: Floats, cache: KvCache, layer: number, out: Floats, span: AttentionSpan = WHOLE_SPAN): void {
    const heads = (query as WasmFloats).width / cache.shape.headDim;
    (cache as WasmCache).attend(layer, address(query), heads, address(out), this.#positions, span);
  }

  gate(gate: Floats, up: Floats, activation: Activation = 'silu'): void {
    const count = this.#tokens.length * (gate as WasmFloats).width;
    if (activation === 'silu') this.#kernels.f32_silu_mul(address(gate), address(up), count);
    else this.#kernels.f32_gelu_mul(address(gate), address(up), count);
  }

  normHeads(x: Floats, gain: Floats, epsilon: number): void {
    const heads = (this.#tokens.length * (x as WasmFloats).width) / gain.length;
    for (let head = 0; head < heads; head++) {
      const at = address(x) + head * gain.length * 4;
      this.#kernels.f32_rmsnorm(at, address(gain), at, gain.length, epsilon);
    }
  }

  addVector(x: Floats, vector: Floats): void {
    for (let t = 0; t < this.#tokens.length; t++) {
      this.#kernels.f32_add(address(x) + t * vector.length * 4, address(vector), vector.length);
    }
  }

  add(x: Floats, y: Floats): void {
    this.#kernels.f32_add(address(x), address(y), this.#tokens.length * (x as WasmFloats).width);
  }

  softcap(x: Floats, bound: number): void {
    this.#kernels.f32_softcap(address(x), (x as WasmFloats).width, bound);
  }

  end(): void {}

  async likeliest(logits: Floats, count: number): Promise<number> {
    return this.#kernels.f32_argmax(address(logits), count);
  }

  async read(values: Floats, count: number): Promise<Float32Array> {
    return this.#arena.floats(address(values), count).slice();
  }

  /** The memory is freed with the last reference to this backend. */
  destroy(): void {
    this.#team.dismiss();
  }

  get #positions(): Positions {
    return { first: this.#position, count: this.#tokens.length };
  }

  #store(values: Float32Array): WasmFloats {
    const address = this.#arena.allocate(values.byteLength);
    this.#arena.floats(address, values.length).set(values);
    return { address, width: values.length, length: values.length };
  }
}

function address(values: Floats): number {
  return (values as WasmFloats).address;
}

import type { MatrixShape } from '../codec/packed-tensor';
import type { PlaneSegment } from '../codec/segment';

/** A packed tensor in a backend's memory. It deepens as planes are merged; kernels read whatever depth is there. */
export interface Matrix {
  readonly shape: MatrixShape;
  /** Present depth; 0 before the base plane. */
  readonly depth: number;
}

/** A float array in a backend's memory. */
export interface Floats {
  readonly length: number;
}

/** Keys and values of all layers, float32. */
export interface KvCache {
  readonly shape: KvShape;
}

export interface KvShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Positions that fit. */
  readonly capacity: number;
}

/** One weight matrix and where its product goes. */
export interface Product {
  readonly matrix: Matrix;
  readonly out: Floats;
}

/** Which rows of the step an operation works on; `last` reads the step's last row and writes row 0. */
export type Rows = 'all' | 'last';

export interface BackendMemory {
  readonly weightBytes: number;
  readonly kvBytes: number;
  readonly workBytes: number;
}

/**
 * The operations of a Llama decoder on packed weights: the narrow waist between models and devices.
 *
 * Work is done in steps: `begin` names the tokens and where they stand, operations follow in order, `end` hands them
 * to the device. A backend may run each operation at once or record them until `end`; reading results waits either
 * way. Activations are row-major, one row a token of the step, at most `maxStep` rows.
 */
export interface KernelBackend {
  readonly name: 'wasm' | 'webgpu' | 'reference';
  /** Most tokens in a step. */
  readonly maxStep: number;
  readonly memory: BackendMemory;
  /** Settles when the device is gone for good; never rejects. */
  readonly lost: Promise<Error>;

  /** Reserves memory for a tensor at its planned depth. */
  matrix(shape: MatrixShape): Matrix;
  /** Merges the next plane of a tensor, all its segments together, between two steps. */
  merge(matrix: Matrix, segments: readonly PlaneSegment[]): void;
  /** Puts constants, a norm's gain for one, in the backend's memory. */
  constants(values: Float32Array): Floats;
  /** Reserves room for activations: `maxStep` rows of `width` unless `rows` is given. */
  activations(label: string, width: number, rows?: number): Floats;
  /** Activations with values in them: `rows` rows of a whole step or less. */
  upload(label: string, values: Float32Array, rows: number): Floats;
  cache(shape: KvShape): KvCache;
  /** @param table cosines then sines, each capacity x headDim / 2 (see `ropeTable`) */
  rotation(table: Float32Array): Floats;

  begin(tokens: readonly number[], position: number): void;
  /** out = the table's rows of the step's tokens. */
  embed(table: Matrix, out: Floats): void;
  /** out = x / rms(x) * gain, row by row. */
  norm(x: Floats, gain: Floats, out: Floats, epsilon: number, rows: Rows): void;
  /** out (+)= x * matrix^T for every product; with `last` x has one row. */
  multiply(x: Floats, products: readonly Product[], rows: Rows, accumulate: boolean): void;
  /** Rotates queries and keys to their positions and appends keys and values to the cache. */
  rotateAndStore(query: Floats, key: Floats, value: Floats, rotation: Floats, cache: KvCache, layer: number): void;
  /** out = causal attention of the step's queries over the cache. */
  attend(query: Floats, cache: KvCache, layer: number, out: Floats): void;
  /** gate = silu(gate) * up. */
  gate(gate: Floats, up: Floats): void;
  end(): void;

  /** Index of the largest of the first `count` floats, -1 when there is no number among them. */
  likeliest(logits: Floats, count: number): Promise<number>;
  read(values: Floats, count: number): Promise<Float32Array>;
  /** Frees everything; the backend cannot be used afterwards. */
  destroy(): void;
}

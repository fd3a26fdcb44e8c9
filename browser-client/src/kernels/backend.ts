import type { MatrixShape } from '../codec/packed-tensor';
import type { PlaneSegment } from '../codec/segment';
import type { Activation, EncoderActivation } from '../transport/wire';
import type { KvPrecision } from './kv-format';
import type { VariantChoice } from './variants';
import type { SamplingOptions } from '../runtime/sampler';

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

/** Keys and values of all layers. */
export interface KvCache {
  readonly shape: KvShape;
  /** Whether a sequence may go on at `position` after steps up to `end`, exactly as if nothing had come behind it. */
  canResume(position: number, end: number): boolean;
}

export interface KvShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Positions that fit. */
  readonly capacity: number;
  /** Codes in place of float32: docs/kv-cache.md. */
  readonly precision?: KvPrecision | null;
}

/** One weight matrix and where its product goes. */
export interface Product {
  readonly matrix: Matrix;
  readonly out: Floats;
}

/** Which rows of the step an operation works on; `last` reads the step's last row and writes row 0. */
export type Rows = 'all' | 'last';

/** In place of a step's tokens: the one that was picked from the last step's logits, whether or not it has been read. */
export const PICKED = 'picked';

/** How a token is drawn on the device: as by `Sampler`, with the same random numbers. */
export interface TokenSampling extends SamplingOptions {
  /** Position of the answer's first token: its random number is the seed's first. */
  readonly origin: number;
}

/** How a model will use tensors that meet the same activations; lets a backend make kernels while weights arrive. */
export interface MatrixUse {
  readonly shapes: readonly MatrixShape[];
  /** Their input comes straight from a norm. */
  readonly norm: boolean;
  /** They are a gate and what it gates. */
  readonly gated: boolean;
  /** Their product is added to what is there. */
  readonly accumulate: boolean;
}

export interface Heads {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/** Which positions a token sees, and whether its scores are bounded. */
export interface AttentionSpan {
  /** How many positions, its own included; Infinity for all before it. */
  readonly window: number;
  /** Scores are held within plus and minus this, by tanh; null for no bound. */
  readonly softcap: number | null;
  /** Every token of the step sees so many positions from the first on, those after its own too; absent for causal attention. */
  readonly everything?: number;
}

/** All positions, no bound. */
export const WHOLE_SPAN: AttentionSpan = { window: Infinity, softcap: null };

/** What encoders need besides a decoder's operations; backends without it do not run them. */
export interface EncoderOperations {
  /** Rows of x, from `first` on, become these. */
  write(x: Floats, rows: Float32Array, first?: number): void;
  /** x = (x - mean) / deviation * gain + bias, row by row, in place. */
  layerNorm(x: Floats, gain: Floats, bias: Floats, epsilon: number): void;
  /** x = activation(x). */
  activate(x: Floats, activation: EncoderActivation): void;
  /** y = x, for the step's rows. */
  copy(x: Floats, y: Floats): void;
}

export interface BackendMemory {
  readonly weightBytes: number;
  readonly kvBytes: number;
  readonly workBytes: number;
}

/**
 * The operations of a decoder on packed weights: the narrow waist between models and devices.
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

  /** Steps that may begin, with `PICKED`, before the result of the first has been read; none when absent. */
  readonly lookahead?: number;
  /** Least milliseconds until a result is read, as measured; 0 where that is no matter. */
  readonly roundTripMs?: number;
  /** Threads that work; one when absent. */
  readonly threads?: number;
  /** Kernels that failed their check on this device and were replaced; absent where there is nothing to replace. */
  readonly replaced?: readonly string[];
  /** Ways to make products, the usual one first, for a trial to choose from; absent where there is one way. */
  readonly variants?: VariantChoice;

  /**
   * Makes and checks kernels ahead of their use. Optional: without it they are made when first needed.
   *
   * @param decoder heads of the decoder; null where there is none
   * @param precision of its cache to come
   * @param encoder heads of the encoder, where there is one
   */
  prepare?(uses: readonly MatrixUse[], decoder: Heads | null, precision?: KvPrecision | null, encoder?: Heads | null): Promise<void>;
  /** As `matrix`, for tensors that meet the same activations. Optional: only backends that gain from knowing have it. */
  stack?(shapes: readonly MatrixShape[]): readonly Matrix[];
  /** Reserves memory for a tensor at its planned depth. */
  matrix(shape: MatrixShape): Matrix;
  /** Merges the next plane of a tensor, all its segments together, between two steps. */
  merge(matrix: Matrix, segments: readonly PlaneSegment[]): void;
  /** Puts constants, a norm's gain for one, in the backend's memory. */
  constants(values: Float32Array): Floats;
  /**
   * Reserves room for activations: `maxStep` rows of `width` unless `rows` is given.
   *
   * @param transient written and read within a step only, so that fused operations need not store them
   */
  activations(label: string, width: number, rows?: number, transient?: boolean): Floats;
  /** Activations with values in them: `rows` rows of a whole step or less. */
  upload(label: string, values: Float32Array, rows: number): Floats;
  cache(shape: KvShape): KvCache;
  /** @param table cosines then sines, each capacity x headDim / 2 (see `ropeTable`) */
  rotation(table: Float32Array): Floats;

  /** `PICKED` only where there is `lookahead`. */
  begin(tokens: readonly number[] | typeof PICKED, position: number): void;
  /** out = the table's rows of the step's tokens. */
  embed(table: Matrix, out: Floats): void;
  /** out = x / rms(x) * gain, row by row. */
  norm(x: Floats, gain: Floats, out: Floats, epsilon: number, rows: Rows): void;
  /** out (+)= x * matrix^T for every product; with `last` x has one row. */
  multiply(x: Floats, products: readonly Product[], rows: Rows, accumulate: boolean): void;
  /** Rotates queries and keys to their positions and appends keys and values to the cache. */
  rotateAndStore(query: Floats, key: Floats, value: Floats, rotation: Floats, cache: KvCache, layer: number): void;
  /** out = causal attention of the step's queries over the cache. */
  attend(query: Floats, cache: KvCache, layer: number, out: Floats, span?: AttentionSpan): void;
  /** gate = activation(gate) * up. */
  gate(gate: Floats, up: Floats, activation?: Activation): void;
  /** Norms each `gain.length` floats of every row by themselves, in place: the heads of queries or keys. */
  normHeads(x: Floats, gain: Floats, epsilon: number): void;
  /** x += vector, row by row. */
  addVector(x: Floats, vector: Floats): void;
  /** x += y. */
  add(x: Floats, y: Floats): void;
  /** x = bound * tanh(x / bound), over one row. */
  softcap(x: Floats, bound: number): void;
  end(): void;

  /** Absent where there are no kernels for encoders. */
  readonly encoders?: EncoderOperations;

  /** Index of the largest of the first `count` floats, the first of equals; -1 when one of them is no finite number. */
  likeliest(logits: Floats, count: number): Promise<number>;
  /** A token drawn from the first `count` logits, -1 as in `likeliest`. Optional: without it logits are read and drawn from. */
  sample?(logits: Floats, count: number, sampling: TokenSampling): Promise<number>;
  read(values: Floats, count: number): Promise<Float32Array>;
  /** Frees everything; the backend cannot be used afterwards. */
  destroy(): void;
}

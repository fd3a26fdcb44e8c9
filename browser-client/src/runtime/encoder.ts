import type { EncoderOperations, Floats, KernelBackend, KvCache, Matrix } from '../kernels/backend';
import { FacetError } from '../errors';
import type { EncoderShape } from '../transport/wire';
import { ropeTable } from './rope';

/** A linear layer with its bias. */
export interface Affine {
  readonly matrix: Matrix;
  readonly bias: Floats;
}

/** A layer norm. */
export interface Norm {
  readonly gain: Floats;
  readonly bias: Floats;
}

export interface EncoderLayerWeights {
  readonly attentionNorm: Norm;
  readonly query: Affine;
  readonly key: Affine;
  readonly value: Affine;
  readonly output: Affine;
  readonly feedForwardNorm: Norm;
  readonly up: Affine;
  readonly down: Affine;
}

/** Rows that a backend takes in one step. */
export interface Chunk {
  readonly start: number;
  readonly count: number;
  readonly hidden: Floats;
  readonly query: Floats;
}

/**
 * The layers of an encoder over a backend: every row sees every other. Rows are taken in steps; the keys and values of a
 * layer are all stored before any row looks at them.
 */
export class Encoder {
  readonly #backend: KernelBackend;
  readonly #operations: EncoderOperations;
  readonly #shape: EncoderShape;
  readonly #layers: readonly EncoderLayerWeights[];
  readonly #cache: KvCache;
  /** Keys and queries stay as they are: positions are in the rows. */
  readonly #rotation: Floats;
  readonly #scratch: Readonly<Record<'normed' | 'key' | 'value' | 'mixed' | 'inner', Floats>>;
  readonly #hidden: Floats[] = [];
  readonly #queries: Floats[] = [];

  /**
   * @param capacity most rows of a run
   * @throws FacetError `no-backend` where the backend has no kernels for encoders
   */
  constructor(backend: KernelBackend, shape: EncoderShape, layers: readonly EncoderLayerWeights[], capacity: number) {
    if (!backend.encoders) throw new FacetError('no-backend', `The ${backend.name} kernels do not run encoders.`);
    this.#backend = backend;
    this.#operations = backend.encoders;
    this.#shape = shape;
    this.#layers = layers;
    const { hiddenSize, heads, intermediateSize } = shape;
    const headDim = hiddenSize / heads;
    this.#cache = backend.cache({ layers: 1, kvHeads: heads, headDim, capacity });
    this.#rotation = backend.rotation(ropeTable(new Float64Array(headDim / 2), capacity));
    const reserve = (label: string, width: number) => backend.activations(label, width);
    this.#scratch = {
      normed: reserve('normed', hiddenSize),
      key: reserve('key', hiddenSize),
      value: reserve('value', hiddenSize),
      mixed: reserve('mixed', hiddenSize),
      inner: reserve('inner', intermediateSize),
    };
    for (let start = 0; start < capacity; start += backend.maxStep) {
      this.#hidden.push(reserve('hidden', hiddenSize));
      this.#queries.push(reserve('query', hiddenSize));
    }
  }

  /** Where the rows of a run are to be put before it, and found after it. */
  chunks(rows: number): Chunk[] {
    const { maxStep } = this.#backend;
    return Array.from({ length: Math.ceil(rows / maxStep) }, (_, i) => ({
      start: i * maxStep,
      count: Math.min(maxStep, rows - i * maxStep),
      hidden: this.#hidden[i]!,
      query: this.#queries[i]!,
    }));
  }

  /** Does something to the rows of a chunk. */
  step({ start, count }: Chunk, operations: () => void): void {
    this.#backend.begin(new Array<number>(count).fill(0), start);
    operations();
    this.#backend.end();
  }

  /** Runs all layers on what the chunks hold. */
  run(chunks: readonly Chunk[]): void {
    const everything = chunks.reduce((sum, { count }) => sum + count, 0);
    for (const layer of this.#layers) {
      for (const chunk of chunks) this.step(chunk, () => this.#store(layer, chunk));
      for (const chunk of chunks) this.step(chunk, () => this.#transform(layer, chunk, everything));
    }
  }

  /** Each row through a norm, in place. */
  norm(x: Floats, { gain, bias }: Norm): void {
    this.#operations.layerNorm(x, gain, bias, this.#shape.normEps);
  }

  /** The rows of all chunks. */
  async read(chunks: readonly Chunk[]): Promise<Float32Array> {
    const { hiddenSize } = this.#shape;
    const rows = new Float32Array(chunks.reduce((sum, { count }) => sum + count, 0) * hiddenSize);
    for (const { start, count, hidden } of chunks) rows.set(await this.#backend.read(hidden, count * hiddenSize), start * hiddenSize);
    return rows;
  }

  #store(layer: EncoderLayerWeights, { hidden, query }: Chunk): void {
    const { key, value } = this.#scratch;
    const input = this.#shape.normFirst ? this.#normed(hidden, layer.attentionNorm) : hidden;
    const parts = [[layer.query, query], [layer.key, key], [layer.value, value]] as const;
    this.#backend.multiply(input, parts.map(([{ matrix }, out]) => ({ matrix, out })), 'all', false);
    for (const [{ bias }, out] of parts) this.#backend.addVector(out, bias);
    this.#backend.rotateAndStore(query, key, value, this.#rotation, this.#cache, 0);
  }

  #transform(layer: EncoderLayerWeights, { hidden, query }: Chunk, everything: number): void {
    const { mixed, inner } = this.#scratch;
    const { normFirst, activation } = this.#shape;
    this.#backend.attend(query, this.#cache, 0, mixed, { window: Infinity, softcap: null, everything });
    this.#add(layer.output, mixed, hidden);
    if (!normFirst) this.norm(hidden, layer.attentionNorm);
    const input = normFirst ? this.#normed(hidden, layer.feedForwardNorm) : hidden;
    this.#backend.multiply(input, [{ matrix: layer.up.matrix, out: inner }], 'all', false);
    this.#backend.addVector(inner, layer.up.bias);
    this.#operations.activate(inner, activation);
    this.#add(layer.down, inner, hidden);
    if (!normFirst) this.norm(hidden, layer.feedForwardNorm);
  }

  #normed(hidden: Floats, norm: Norm): Floats {
    const { normed } = this.#scratch;
    this.#operations.copy(hidden, normed);
    this.norm(normed, norm);
    return normed;
  }

  #add({ matrix, bias }: Affine, x: Floats, hidden: Floats): void {
    this.#backend.multiply(x, [{ matrix, out: hidden }], 'all', true);
    this.#backend.addVector(hidden, bias);
  }
}

/**
 * The same vectors.
 *
 * @throws FacetError `numeric-failure` where one of the numbers is not finite
 */
export function requireFinite<T extends Float32Array>(vectors: T): T {
  if (vectors.every(Number.isFinite)) return vectors;
  throw new FacetError('numeric-failure', 'The encoder produced vectors that are not finite numbers.');
}

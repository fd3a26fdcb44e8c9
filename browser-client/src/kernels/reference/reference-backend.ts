import { PackedTensor, type MatrixShape } from '../../codec/packed-tensor';
import type { PlaneSegment } from '../../codec/segment';
import {
  WHOLE_SPAN, type AttentionSpan, type Floats, type KernelBackend, type KvCache, type KvShape, type Matrix, type Product,
  type Rows,
} from '../backend';
import type { Activation } from '../../transport/wire';
import { argmax } from './argmax';
import { attention } from './attention';
import { gateMul } from './gate-mul';
import { CodedLayer } from './coded-kv';
import { matvec } from './matvec';
import { rmsNorm } from './rms-norm';
import { ReferenceEncoderOperations } from './encoder-operations';
import { rotate } from './rope';

interface ReferenceCache extends KvCache {
  /** By layer, then position: kvHeads x headDim floats. */
  readonly keys: Float32Array[][];
  readonly values: Float32Array[][];
  /** By layer, where keys and values are kept in codes. */
  readonly coded: CodedLayer[] | null;
}

/** All operations in plain TypeScript: what they mean, for the other backends to be checked against. */
export class ReferenceBackend implements KernelBackend {
  readonly name = 'reference';
  readonly maxStep = 8;
  readonly memory = { weightBytes: 0, kvBytes: 0, workBytes: 0 };
  readonly lost = new Promise<Error>(() => undefined);
  readonly encoders = new ReferenceEncoderOperations(this.maxStep, () => this.#tokens.length);
  #tokens: readonly number[] = [];
  #position = 0;

  matrix(shape: MatrixShape): Matrix {
    return new PackedTensor(shape);
  }

  merge(matrix: Matrix, segments: readonly PlaneSegment[]): void {
    (matrix as PackedTensor).merge(segments);
  }

  constants(values: Float32Array): Floats {
    return values;
  }

  activations(_label: string, width: number, rows = this.maxStep): Floats {
    return new Float32Array(width * rows);
  }

  upload(_label: string, values: Float32Array, rows: number): Floats {
    const floats = new Float32Array((values.length / rows) * this.maxStep);
    floats.set(values);
    return floats;
  }

  cache(shape: KvShape): ReferenceCache {
    const layers = () => Array.from({ length: shape.layers }, () => [] as Float32Array[]);
    const coded = shape.precision && Array.from({ length: shape.layers }, () => new CodedLayer(shape.precision!, shape.headDim));
    return { shape, keys: layers(), values: layers(), coded: coded ?? null, canResume: (position, end) => position <= end };
  }

  rotation(table: Float32Array): Floats {
    return table;
  }

  begin(tokens: readonly number[], position: number): void {
    this.#tokens = tokens;
    this.#position = position;
  }

  embed(table: Matrix, out: Floats): void {
    const { cols } = table.shape;
    this.#tokens.forEach((token, t) => {
      for (let col = 0; col < cols; col++) array(out)[t * cols + col] = (table as PackedTensor).value(token, col);
    });
  }

  norm(x: Floats, gain: Floats, out: Floats, epsilon: number, rows: Rows): void {
    const width = gain.length;
    const first = rows === 'last' ? this.#tokens.length - 1 : 0;
    for (let t = first; t < this.#tokens.length; t++) {
      array(out).set(rmsNorm(row(x, t, width), array(gain), epsilon), (t - first) * width);
    }
  }

  multiply(x: Floats, products: readonly Product[], rows: Rows, accumulate: boolean): void {
    const count = rows === 'last' ? 1 : this.#tokens.length;
    for (const { matrix, out } of products) {
      for (let t = 0; t < count; t++) {
        const product = matvec(matrix as PackedTensor, row(x, t, matrix.shape.cols));
        const target = row(out, t, matrix.shape.rows);
        product.forEach((value, i) => (target[i] = accumulate ? target[i]! + value : value));
      }
    }
  }

  rotateAndStore(query: Floats, key: Floats, value: Floats, rotation: Floats, cache: KvCache, layer: number): void {
    const { headDim, kvHeads, capacity } = cache.shape;
    const { keys, values, coded } = cache as ReferenceCache;
    const queryWidth = query.length / this.maxStep;
    for (let t = 0; t < this.#tokens.length; t++) {
      const position = this.#position + t;
      const cosines = row(rotation, position, headDim / 2);
      const sines = row(rotation, capacity + position, headDim / 2);
      const queries = row(query, t, queryWidth);
      queries.set(rotate(queries.slice(), headDim, cosines, sines));
      keys[layer]![position] = rotate(row(key, t, kvHeads * headDim).slice(), headDim, cosines, sines);
      values[layer]![position] = row(value, t, kvHeads * headDim).slice();
      coded?.[layer]!.store(position, keys[layer]![position], values[layer]![position]);
    }
  }

  attend(query: Floats, cache: KvCache, layer: number, out: Floats, span: AttentionSpan = WHOLE_SPAN): void {
    const { window, softcap, everything } = span;
    const { headDim, kvHeads } = cache.shape;
    const { keys, values, coded } = cache as ReferenceCache;
    const width = query.length / this.maxStep;
    const bound = softcap === null ? undefined : (score: number) => softcap * Math.tanh(score / softcap);
    for (let t = 0; t < this.#tokens.length; t++) {
      const end = everything ?? this.#position + t + 1;
      const seen = [Math.max(0, end - window), end] as const;
      const shape = { heads: width / headDim, kvHeads, headDim };
      const rows = coded?.[layer]!.visible(end - 1) ?? { keys: keys[layer]!, values: values[layer]! };
      row(out, t, width).set(attention(row(query, t, width), rows.keys.slice(...seen), rows.values.slice(...seen), shape, bound));
    }
  }

  gate(gate: Floats, up: Floats, activation: Activation = 'silu'): void {
    array(gate).set(gateMul(array(gate), array(up), activation));
  }

  normHeads(x: Floats, gain: Floats, epsilon: number): void {
    const heads = x.length / gain.length;
    for (let head = 0; head < heads; head++) {
      const values = row(x, head, gain.length);
      values.set(rmsNorm(values.slice(), array(gain), epsilon));
    }
  }

  addVector(x: Floats, vector: Floats): void {
    array(x).forEach((value, i) => (array(x)[i] = value + array(vector)[i % vector.length]!));
  }

  add(x: Floats, y: Floats): void {
    const count = (x.length / this.maxStep) * this.#tokens.length;
    for (let i = 0; i < count; i++) array(x)[i]! += array(y)[i]!;
  }

  softcap(x: Floats, bound: number): void {
    array(x).forEach((value, i) => (array(x)[i] = bound * Math.tanh(value / bound)));
  }

  end(): void {}

  async likeliest(logits: Floats, count: number): Promise<number> {
    return argmax(array(logits).subarray(0, count));
  }

  async read(values: Floats, count: number): Promise<Float32Array> {
    return array(values).slice(0, count);
  }

  destroy(): void {}
}

function array(values: Floats): Float32Array {
  return values as Float32Array;
}

function row(values: Floats, index: number, width: number): Float32Array {
  return array(values).subarray(index * width, (index + 1) * width);
}

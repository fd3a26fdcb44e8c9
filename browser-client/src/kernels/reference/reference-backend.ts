import { PackedTensor, type MatrixShape } from '../../codec/packed-tensor';
import type { PlaneSegment } from '../../codec/segment';
import type { Floats, KernelBackend, KvCache, KvShape, Matrix, Product, Rows } from '../backend';
import { argmax } from './argmax';
import { attention } from './attention';
import { matvec } from './matvec';
import { rmsNorm } from './rms-norm';
import { rotate } from './rope';
import { siluMul } from './silu';

interface ReferenceCache extends KvCache {
  /** By layer, then position: kvHeads x headDim floats. */
  readonly keys: Float32Array[][];
  readonly values: Float32Array[][];
}

/** All operations in plain TypeScript: what they mean, for the other backends to be checked against. */
export class ReferenceBackend implements KernelBackend {
  readonly name = 'reference';
  readonly maxStep = 8;
  readonly memory = { weightBytes: 0, kvBytes: 0, workBytes: 0 };
  readonly lost = new Promise<Error>(() => undefined);
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
    return { shape, keys: layers(), values: layers() };
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
    const { keys, values } = cache as ReferenceCache;
    const queryWidth = query.length / this.maxStep;
    for (let t = 0; t < this.#tokens.length; t++) {
      const position = this.#position + t;
      const cosines = row(rotation, position, headDim / 2);
      const sines = row(rotation, capacity + position, headDim / 2);
      const queries = row(query, t, queryWidth);
      queries.set(rotate(queries.slice(), headDim, cosines, sines));
      keys[layer]![position] = rotate(row(key, t, kvHeads * headDim).slice(), headDim, cosines, sines);
      values[layer]![position] = row(value, t, kvHeads * headDim).slice();
    }
  }

  attend(query: Floats, cache: KvCache, layer: number, out: Floats): void {
    const { headDim, kvHeads } = cache.shape;
    const { keys, values } = cache as ReferenceCache;
    const width = query.length / this.maxStep;
    for (let t = 0; t < this.#tokens.length; t++) {
      const seen = this.#position + t + 1;
      const shape = { heads: width / headDim, kvHeads, headDim };
      const mixed = attention(row(query, t, width), keys[layer]!.slice(0, seen), values[layer]!.slice(0, seen), shape);
      row(out, t, width).set(mixed);
    }
  }

  gate(gate: Floats, up: Floats): void {
    array(gate).set(siluMul(array(gate), array(up)));
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

import { groupsOf, type LayoutWidth } from '../../../codec/layout';
import { codeIn } from '../../../codec/packed-tensor';
import type { PackedStack } from '../fast-multiply';
import type { MadeUpNumbers } from './made-up-numbers';

const SHIFT = 0.0625;

/** A packed tensor of made-up weights, on the device and here. Every code is `layout` bits deep. */
export class MadeUpTensor {
  readonly #numbers: MadeUpNumbers;
  readonly #cols: number;
  readonly #layout: LayoutWidth;
  readonly #rows: number;
  readonly #groups: number;
  readonly #codes: Uint32Array<ArrayBuffer>;
  readonly #scaleBytes: Uint8Array<ArrayBuffer>;
  readonly #rowScales: Float32Array<ArrayBuffer>;

  constructor(numbers: MadeUpNumbers, cols: number, layout: LayoutWidth, rows: number) {
    this.#numbers = numbers;
    this.#cols = cols;
    this.#layout = layout;
    this.#rows = rows;
    this.#groups = groupsOf(cols);
    this.#codes = Uint32Array.from({ length: rows * this.#groups * layout }, () => numbers.bits());
    this.#scaleBytes = Uint8Array.from({ length: Math.ceil((rows * this.#groups) / 4) * 4 }, () => numbers.bits() >>> 24);
    this.#rowScales = Float32Array.from({ length: rows }, () => 0.01 + numbers.number() ** 2);
  }

  /** The rows as a stack of tensors of about equal height. */
  stack(tensors: number): PackedStack {
    const height = Math.floor(this.#rows / tensors);
    return {
      rows: this.#rows,
      groups: this.#groups,
      depth: this.#layout,
      layout: this.#layout,
      matrices: Array.from({ length: tensors }, (_, i) => ({ firstRow: i * height, shape: { shift: SHIFT } })),
      parts: [{
        firstRow: 0,
        rowCount: this.#rows,
        codes: this.#numbers.upload(this.#codes),
        scaleBytes: this.#numbers.upload(this.#scaleBytes),
        rowScales: this.#numbers.upload(this.#rowScales),
      }],
    };
  }

  /** A row's product by the definition of docs/codec.md. */
  product(row: number, x: Float32Array): number {
    let sum = 0;
    for (let col = 0; col < this.#cols; col++) {
      const group = row * this.#groups + (col >> 5);
      const byte = this.#scaleBytes[group]!;
      const midpoint = (2 * codeIn(this.#codes, this.#layout, group, col & 31) + 1) / 2 ** this.#layout - 1;
      sum += ((byte & 0x7f) / 127) * (midpoint + (byte & 0x80 ? -SHIFT : SHIFT)) * x[col]!;
    }
    return sum * this.#rowScales[row]!;
  }
}

import { groupsOf, type LayoutWidth } from '../../codec/layout';
import { codeIn } from '../../codec/packed-tensor';
import type { PackedStack } from './fast-multiply';
import type { GpuContext } from './gpu-context';
import { strideOf, type GpuFloats } from './gpu-floats';

/** Made-up weights and activations, on the device and here. Every code is `layout` bits deep. */
export class CheckData {
  static readonly #buffers: GPUBuffer[] = [];
  readonly #context: GpuContext;
  readonly #cols: number;
  readonly #layout: LayoutWidth;
  readonly #rows: number;
  readonly #shift: number;
  readonly #groups: number;
  readonly #codes: Uint32Array<ArrayBuffer>;
  readonly #scaleBytes: Uint8Array<ArrayBuffer>;
  readonly #rowScales: Float32Array<ArrayBuffer>;
  #state = 1;

  constructor(context: GpuContext, cols: number, layout: LayoutWidth, rows: number, shift: number) {
    this.#context = context;
    this.#cols = cols;
    this.#layout = layout;
    this.#rows = rows;
    this.#shift = shift;
    this.#groups = groupsOf(cols);
    this.#codes = Uint32Array.from({ length: rows * this.#groups * layout }, () => this.#bits());
    this.#scaleBytes = Uint8Array.from({ length: Math.ceil((rows * this.#groups) / 4) * 4 }, () => this.#bits() >>> 24);
    this.#rowScales = Float32Array.from({ length: rows }, () => 0.01 + this.#number() ** 2);
  }

  /** Frees what all checks so far put on the device. */
  static release(context: GpuContext): void {
    for (const buffer of CheckData.#buffers.splice(0)) context.release(buffer);
  }

  /** The rows as a stack of tensors of about equal height. */
  stack(tensors: number): PackedStack {
    const height = Math.floor(this.#rows / tensors);
    return {
      rows: this.#rows,
      groups: this.#groups,
      depth: this.#layout,
      layout: this.#layout,
      matrices: Array.from({ length: tensors }, (_, i) => ({ firstRow: i * height, shape: { shift: this.#shift } })),
      parts: [{
        firstRow: 0,
        rowCount: this.#rows,
        codes: this.#upload(this.#codes),
        scaleBytes: this.#upload(this.#scaleBytes),
        rowScales: this.#upload(this.#rowScales),
      }],
    };
  }

  activations(rows: number): { floats: GpuFloats; values: Float32Array } {
    const stride = strideOf(this.#cols);
    const values = new Float32Array(rows * stride);
    for (let i = 0; i < values.length; i++) if (i % stride < this.#cols) values[i] = this.#number();
    return { floats: this.#floats(this.#upload(values), this.#cols, rows), values: rows === 1 ? values.subarray(0, this.#cols) : values };
  }

  gain(): { floats: GpuFloats; values: Float32Array } {
    return this.activations(1);
  }

  output(width: number, rows: number): GpuFloats {
    return this.#floats(this.#upload(new Float32Array(strideOf(width) * rows)), width, rows);
  }

  /** A row's product by the definition of docs/codec.md. */
  product(row: number, x: Float32Array): number {
    let sum = 0;
    for (let col = 0; col < this.#cols; col++) {
      const group = row * this.#groups + (col >> 5);
      const byte = this.#scaleBytes[group]!;
      const midpoint = (2 * codeIn(this.#codes, this.#layout, group, col & 31) + 1) / 2 ** this.#layout - 1;
      sum += ((byte & 0x7f) / 127) * (midpoint + (byte & 0x80 ? -this.#shift : this.#shift)) * x[col]!;
    }
    return sum * this.#rowScales[row]!;
  }

  #floats(buffer: GPUBuffer, width: number, rows: number): GpuFloats {
    return { buffer, width, stride: strideOf(width), length: width * rows, transient: false };
  }

  #upload(values: ArrayBufferView<ArrayBuffer>): GPUBuffer {
    const buffer = this.#context.storage('CheckData', values.byteLength);
    this.#context.device.queue.writeBuffer(buffer, 0, values);
    CheckData.#buffers.push(buffer);
    return buffer;
  }

  /** From -1 to 1. */
  #number(): number {
    return this.#bits() / 2 ** 31 - 1;
  }

  #bits(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state;
  }
}

import type { GpuContext } from '../gpu-context';
import { strideOf, type GpuFloats } from '../gpu-floats';

/** Rows of numbers, on the device and here. */
export interface MadeUpRows {
  readonly floats: GpuFloats;
  row(index: number): Float32Array;
}

/** Numbers that checks run on, the same every time, and the buffers that hold them, which are freed together. */
export class MadeUpNumbers {
  readonly context: GpuContext;
  readonly #buffers: GPUBuffer[] = [];
  #state = 1;

  constructor(context: GpuContext) {
    this.context = context;
  }

  /** 32 random bits; the upper ones are the better. */
  bits(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state;
  }

  /** From -1 to 1. */
  number(): number {
    return this.bits() / 2 ** 31 - 1;
  }

  numbers(count: number): Float32Array<ArrayBuffer> {
    return Float32Array.from({ length: count }, () => this.number());
  }

  /** A buffer that holds these values. */
  upload(values: ArrayBufferView<ArrayBuffer>): GPUBuffer {
    const buffer = this.context.storage('MadeUpNumbers', values.byteLength);
    this.context.device.queue.writeBuffer(buffer, 0, values);
    return this.keep(buffer);
  }

  /** Frees a buffer with the others. */
  keep(buffer: GPUBuffer): GPUBuffer {
    this.#buffers.push(buffer);
    return buffer;
  }

  /**
   * Rows of numbers; zeros lie between them.
   *
   * @param scale of a row
   */
  rows(width: number, count: number, scale = (_row: number) => 1): MadeUpRows {
    const stride = strideOf(width);
    const values = new Float32Array(count * stride);
    for (let i = 0; i < values.length; i++) if (i % stride < width) values[i] = this.number() * scale(Math.floor(i / stride));
    return { floats: floatsOf(this.upload(values), width, count), row: (index) => values.subarray(index * stride, index * stride + width) };
  }

  /** Room for rows of results. */
  output(width: number, count: number): GpuFloats {
    return floatsOf(this.upload(new Float32Array(strideOf(width) * count)), width, count);
  }

  release(): void {
    for (const buffer of this.#buffers.splice(0)) this.context.release(buffer);
  }
}

function floatsOf(buffer: GPUBuffer, width: number, count: number): GpuFloats {
  return { buffer, width, stride: strideOf(width), length: width * count, transient: false };
}

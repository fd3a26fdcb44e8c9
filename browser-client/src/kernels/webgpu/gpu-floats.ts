import type { Floats } from '../backend';

/** Activations on the device. Rows start at multiples of 32 floats; what lies between is zero and stays zero. */
export interface GpuFloats extends Floats {
  readonly buffer: GPUBuffer;
  /** Floats of a row that mean something. */
  readonly width: number;
  /** Floats between neighbouring rows. */
  readonly stride: number;
  /** Nobody reads them between steps, so a fused operation need not store them. */
  readonly transient: boolean;
}

export function strideOf(width: number): number {
  return Math.ceil(width / 32) * 32;
}

/** Spreads rows to their strides. */
export function padRows(values: Float32Array, width: number): Float32Array<ArrayBuffer> {
  const rows = values.length / width;
  const padded = new Float32Array(rows * strideOf(width));
  for (let row = 0; row < rows; row++) {
    padded.set(values.subarray(row * width, (row + 1) * width), row * strideOf(width));
  }
  return padded;
}

/** Draws rows together again; the last may be cut short. */
export function unpadRows(padded: Float32Array, width: number, count: number): Float32Array {
  const values = new Float32Array(count);
  for (let at = 0; at < count; at += width) {
    const start = (at / width) * strideOf(width);
    values.set(padded.subarray(start, start + Math.min(width, count - at)), at);
  }
  return values;
}

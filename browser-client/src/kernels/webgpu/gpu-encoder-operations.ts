import type { EncoderActivation } from '../../transport/wire';
import type { EncoderOperations, Floats } from '../backend';
import { padRows, type GpuFloats } from './gpu-floats';
import type { Operation } from './step-compiler';

/** Encoders' operations, recorded with the others of a step. */
export class GpuEncoderOperations implements EncoderOperations {
  readonly #record: (operation: Operation) => void;
  readonly #store: (buffer: GPUBuffer, at: number, values: Float32Array<ArrayBuffer>) => void;

  /**
   * @param record puts an operation after those of the step so far
   * @param store puts values in a buffer, `at` in bytes, once all that was recorded is done
   */
  constructor(
    record: (operation: Operation) => void, store: (buffer: GPUBuffer, at: number, values: Float32Array<ArrayBuffer>) => void,
  ) {
    this.#record = record;
    this.#store = store;
  }

  write(x: Floats, rows: Float32Array, first = 0): void {
    const { buffer, width, stride } = x as GpuFloats;
    this.#store(buffer, first * stride * 4, padRows(rows, width));
  }

  layerNorm(x: Floats, gain: Floats, bias: Floats, epsilon: number): void {
    const [input, by, plus] = [x, gain, bias] as [GpuFloats, GpuFloats, GpuFloats];
    this.#record({ kind: 'layerNorm', x: input, gain: by, bias: plus, epsilon });
  }

  activate(x: Floats, activation: EncoderActivation): void {
    this.#record({ kind: 'activate', x: x as GpuFloats, activation });
  }

  copy(x: Floats, y: Floats): void {
    this.#record({ kind: 'copy', x: x as GpuFloats, out: y as GpuFloats });
  }
}

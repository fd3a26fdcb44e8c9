import type { EncoderActivation } from '../../transport/wire';
import type { EncoderOperations, Floats } from '../backend';
import type { Arena } from './arena';
import type { WasmKernels } from './exports';

interface Placed extends Floats {
  readonly address: number;
  /** Floats in a row of the step. */
  readonly width: number;
}

const CODES: Readonly<Record<EncoderActivation, number>> = { gelu: 0, 'gelu-tanh': 1, 'quick-gelu': 2 };

/** Encoders' operations by the kernels of the module. */
export class WasmEncoderOperations implements EncoderOperations {
  readonly #kernels: WasmKernels;
  readonly #arena: Arena;
  readonly #rows: () => number;

  /** @param rows of the present step */
  constructor(kernels: WasmKernels, arena: Arena, rows: () => number) {
    this.#kernels = kernels;
    this.#arena = arena;
    this.#rows = rows;
  }

  write(x: Floats, rows: Float32Array, first = 0): void {
    const { address, width } = x as Placed;
    this.#arena.floats(address + first * width * 4, rows.length).set(rows);
  }

  layerNorm(x: Floats, gain: Floats, bias: Floats, epsilon: number): void {
    const { address, width } = x as Placed;
    const [gains, biases] = [(gain as Placed).address, (bias as Placed).address];
    for (let row = 0; row < this.#rows(); row++) {
      this.#kernels.f32_layernorm(address + row * width * 4, gains, biases, width, epsilon);
    }
  }

  activate(x: Floats, activation: EncoderActivation): void {
    const { address, width } = x as Placed;
    this.#kernels.f32_activate(address, this.#rows() * width, CODES[activation]);
  }

  copy(x: Floats, y: Floats): void {
    const { address, width } = x as Placed;
    const bytes = this.#rows() * width * 4;
    this.#arena.bytes((y as Placed).address, bytes).set(this.#arena.bytes(address, bytes));
  }
}

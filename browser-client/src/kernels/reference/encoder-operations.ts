import type { EncoderActivation } from '../../transport/wire';
import type { EncoderOperations, Floats } from '../backend';

/** Encoders' operations in plain TypeScript, on arrays. */
export class ReferenceEncoderOperations implements EncoderOperations {
  readonly #maxStep: number;
  readonly #rows: () => number;

  /** @param rows of the present step */
  constructor(maxStep: number, rows: () => number) {
    this.#maxStep = maxStep;
    this.#rows = rows;
  }

  write(x: Floats, rows: Float32Array, first = 0): void {
    array(x).set(rows, first * (x.length / this.#maxStep));
  }

  layerNorm(x: Floats, gain: Floats, bias: Floats, epsilon: number): void {
    const width = gain.length;
    for (let row = 0; row < this.#rows(); row++) {
      const values = array(x).subarray(row * width, (row + 1) * width);
      const mean = values.reduce((sum, value) => sum + value, 0) / width;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
      const inverse = 1 / Math.sqrt(variance + epsilon);
      values.forEach((value, i) => (values[i] = (value - mean) * inverse * array(gain)[i]! + array(bias)[i]!));
    }
  }

  activate(x: Floats, activation: EncoderActivation): void {
    array(x).forEach((value, i) => (array(x)[i] = ACTIVATIONS[activation](value)));
  }

  copy(x: Floats, y: Floats): void {
    array(y).set(array(x));
  }
}

const ACTIVATIONS: Readonly<Record<EncoderActivation, (x: number) => number>> = {
  gelu: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  'gelu-tanh': (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  'quick-gelu': (x) => x / (1 + Math.exp(-1.702 * x)),
};

/** The error function to within 2e-7: Abramowitz and Stegun 7.1.26. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}

function array(values: Floats): Float32Array {
  return values as Float32Array;
}

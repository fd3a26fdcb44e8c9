import type { Activation } from '../../transport/wire';

/** activation(gate) * up, element by element. */
export function gateMul(gate: Float32Array, up: Float32Array, activation: Activation): Float32Array {
  const apply = activation === 'silu' ? silu : geluTanh;
  return gate.map((value, i) => apply(value) * up[i]!);
}

function silu(x: number): number {
  return x / (1 + Math.exp(-x));
}

function geluTanh(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

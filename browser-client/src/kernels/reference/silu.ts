/** silu(gate) * up, element by element. */
export function siluMul(gate: Float32Array, up: Float32Array): Float32Array {
  return gate.map((value, i) => (value / (1 + Math.exp(-value))) * up[i]!);
}

/** x / sqrt(mean(x^2) + epsilon) * gain. */
export function rmsNorm(x: Float32Array, gain: Float32Array, epsilon: number): Float32Array {
  const squares = x.reduce((sum, value) => sum + value * value, 0);
  const inverse = 1 / Math.sqrt(squares / x.length + epsilon);
  return x.map((value, i) => value * inverse * gain[i]!);
}

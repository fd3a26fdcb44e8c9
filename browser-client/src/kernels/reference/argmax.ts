/** Index of the largest number, the first of equals; -1 when there is none. */
export function argmax(values: Float32Array): number {
  let best = -1;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > (best < 0 ? -Infinity : values[best]!)) best = i;
  }
  return best;
}

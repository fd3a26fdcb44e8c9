/** Index of the largest, the first of equals; -1 when one of them is no finite number. */
export function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return -1;
    if (values[i]! > values[best]!) best = i;
  }
  return best;
}

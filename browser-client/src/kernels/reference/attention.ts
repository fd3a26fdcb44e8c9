export interface AttentionShape {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/**
 * Attention of one query row over `keys.length` positions; each key and value row holds kvHeads x headDim floats.
 *
 * @param bound what every score goes through
 */
export function attention(
  query: Float32Array,
  keys: readonly Float32Array[],
  values: readonly Float32Array[],
  { heads, kvHeads, headDim }: AttentionShape,
  bound: (score: number) => number = (score) => score,
): Float32Array {
  const out = new Float32Array(heads * headDim);
  for (let head = 0; head < heads; head++) {
    const from = Math.floor(head / (heads / kvHeads)) * headDim;
    const scores = keys.map((key) => dot(query, head * headDim, key, from, headDim) / Math.sqrt(headDim));
    const weights = softmax(scores.map(bound));
    for (let i = 0; i < headDim; i++) {
      out[head * headDim + i] = values.reduce((sum, value, j) => sum + weights[j]! * value[from + i]!, 0);
    }
  }
  return out;
}

function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

function dot(a: Float32Array, aFrom: number, b: Float32Array, bFrom: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[aFrom + i]! * b[bFrom + i]!;
  return sum;
}

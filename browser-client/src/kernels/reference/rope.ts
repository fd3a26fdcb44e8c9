/** Rotates every head of one position; element i of a head's first half turns with element i of its second. */
export function rotate(x: Float32Array, headDim: number, cosines: Float32Array, sines: Float32Array): Float32Array {
  const half = headDim / 2;
  return x.map((value, at) => {
    const i = at % headDim;
    const pair = i % half;
    const other = i < half ? -x[at + half]! : x[at - half]!;
    return value * cosines[pair]! + other * sines[pair]!;
  });
}

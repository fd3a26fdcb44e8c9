import type { PackedTensor } from '../../codec/packed-tensor';

/** matrix * x, summed in double precision. */
export function matvec(matrix: PackedTensor, x: Float32Array): Float32Array {
  const { rows, cols } = matrix.shape;
  return Float32Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let col = 0; col < cols; col++) sum += matrix.value(row, col) * x[col]!;
    return sum;
  });
}

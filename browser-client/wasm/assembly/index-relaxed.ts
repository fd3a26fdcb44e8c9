// The kernels of facet-relaxed.wasm: those of the baseline, and products with 8-bit activations by relaxed SIMD.
export * from './index';
export { f32_quantize_i8__simd128, f32_quantize_i8_ordered__simd128 } from './quantize-i8';
export {
  q2_matvec_i8__relaxed, q3_matvec_i8__relaxed, q4_matvec_i8__relaxed, q8_matvec_i8__relaxed,
} from './matvec-i8';
export { q_matmul_i8__relaxed } from './matmul-i8';

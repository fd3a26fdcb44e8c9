// The kernels of facet-simd128.wasm, which every build has. Every function works on raw addresses in the imported memory; the host lays
// memory out from `heapBase` on and pads every array by 128 bytes, so that vector loads may run past its end.
export { q_merge__scalar } from './merge';
export { f32_quantize_plain__scalar, f32_quantize_ordered__scalar } from './quantize';
export { q2_matvec__simd128, q3_matvec__simd128, q4_matvec__simd128, q8_matvec__simd128 } from './matvec';
export { q_matmul__simd128 } from './matmul';
export { q_row__scalar } from './row';
export { f32_rmsnorm__simd128 } from './rmsnorm';
export { f32_rope__simd128 } from './rope';
export { f32_attention__simd128 } from './attention';
export { f32_silu_mul__simd128 } from './silu';
export { f32_gelu_mul__simd128 } from './gelu';
export { f32_add__simd128 } from './add';
export { f32_layernorm__simd128 } from './layernorm';
export { f32_activate__simd128 } from './activate';
export { f32_softcap__simd128 } from './softcap';
export { f32_argmax__simd128 } from './argmax';

/** First address that the host may use. */
export const heapBase: usize = (__heap_base + 15) & ~15;

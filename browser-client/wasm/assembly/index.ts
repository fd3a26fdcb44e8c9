// The kernels of every build; builds differ in features alone: relaxed SIMD, threads. Functions work on raw addresses in
// the imported memory; the host lays memory out from `heapBase` on and pads every array by 128 bytes, so that vector loads
// may run past its end.
export { team_help, team_lead, JOB_BYTES as jobBytes } from './team';
export { q_merge } from './merge';
export { q_row } from './row';
export { q_multiply, q_target } from './multiply';
export { MATMUL_SCRATCH as matmulScratch } from './matmul';
export { f32_quantize_i16, f32_quantize_i16_ordered, f32_quantize_i8, f32_quantize_i8_ordered } from './quantize';
export { f32_rmsnorm } from './rmsnorm';
export { f32_rope } from './rope';
export { f32_append, f32_attention } from './attention';
export { kv_append, keyBlockBytes as kv_key_block_bytes, valueBlockBytes as kv_value_block_bytes } from './coded-cache';
export { kv_attention, kv_scratch_bytes } from './coded-attention';
export { f32_silu_mul } from './silu';
export { f32_gelu_mul } from './gelu';
export { f32_add } from './add';
export { f32_layernorm } from './layernorm';
export { f32_activate } from './activate';
export { f32_softcap } from './softcap';
export { f32_argmax } from './argmax';

/** First address that the host may use. */
export const heapBase: usize = (__heap_base + 15) & ~15;
/** Whether products of codes of up to seven bits take activations of eight: by relaxed SIMD. */
export const takesBytes: bool = ASC_FEATURE_RELAXED_SIMD;

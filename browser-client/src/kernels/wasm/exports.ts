import { FacetError } from '../../errors';

type Address = number;

/** Arguments that every matvec kernel takes: codes, scale bytes, row scales, rows, groups, depth, shift, ordered
 * activations, their scales and sums, out, accumulate. */
type Matvec = (
  codes: Address, scaleBytes: Address, rowScales: Address, rows: number, groups: number, depth: number, shift: number,
  activations: Address, scales: Address, sums: Address, out: Address, accumulate: boolean,
) => void;

/** Name of the kernel module for any browser with WebAssembly SIMD. */
export const BASELINE_MODULE = 'facet-simd128.wasm';
/** Name of the kernel module for browsers with relaxed SIMD. */
export const RELAXED_MODULE = 'facet-relaxed.wasm';

/** What every kernel module exports; `wasm/assembly` documents each. */
export interface WasmKernels {
  readonly heapBase: WebAssembly.Global;
  q_merge__scalar(codes: Address, plane: Address, firstGroup: number, groups: number, depth: number): void;
  f32_quantize_plain__scalar(x: Address, cols: number, out: Address, scales: Address, sums: Address): void;
  f32_quantize_ordered__scalar(
    x: Address, cols: number, order: Address, span: number, plain: Address, out: Address, scales: Address, sums: Address,
  ): void;
  readonly q2_matvec__simd128: Matvec;
  readonly q3_matvec__simd128: Matvec;
  readonly q4_matvec__simd128: Matvec;
  readonly q8_matvec__simd128: Matvec;
  q_matmul__simd128(
    codes: Address, scaleBytes: Address, rowScales: Address, layout: number, depth: number, shift: number, rows: number,
    groups: number, activations: Address, scales: Address, sums: Address, stride: number, count: number, out: Address,
    accumulate: boolean, scratch: Address,
  ): void;
  q_row__scalar(
    codes: Address, scaleBytes: Address, rowScale: number, layout: number, depth: number, shift: number, cols: number,
    out: Address,
  ): void;
  f32_rmsnorm__simd128(x: Address, gain: Address, out: Address, cols: number, epsilon: number): void;
  f32_rope__simd128(x: Address, cosines: Address, sines: Address, heads: number, headDim: number): void;
  f32_attention__simd128(
    query: Address, keys: Address, values: Address, out: Address, scores: Address, heads: number, kvHeads: number,
    headDim: number, capacity: number, length: number, softcap: number,
  ): void;
  f32_silu_mul__simd128(gate: Address, up: Address, count: number): void;
  f32_gelu_mul__simd128(gate: Address, up: Address, count: number): void;
  f32_add__simd128(x: Address, y: Address, count: number): void;
  f32_layernorm__simd128(x: Address, gain: Address, bias: Address, cols: number, epsilon: number): void;
  /** @param activation 0: gelu, 1: gelu-tanh, 2: quick-gelu */
  f32_activate__simd128(x: Address, count: number, activation: number): void;
  f32_softcap__simd128(x: Address, count: number, bound: number): void;
  f32_argmax__simd128(x: Address, count: number): number;
}

/** What `facet-relaxed.wasm` has besides: products of 8-bit activations with codes of up to seven bits. */
export interface RelaxedKernels extends WasmKernels {
  f32_quantize_i8__simd128(x: Address, cols: number, out: Address, scales: Address, sums: Address): void;
  f32_quantize_i8_ordered__simd128(
    x: Address, cols: number, layout: number, out: Address, scales: Address, sums: Address,
  ): void;
  readonly q2_matvec_i8__relaxed: Matvec;
  readonly q3_matvec_i8__relaxed: Matvec;
  readonly q4_matvec_i8__relaxed: Matvec;
  readonly q8_matvec_i8__relaxed: Matvec;
  readonly q_matmul_i8__relaxed: WasmKernels['q_matmul__simd128'];
}

export function isRelaxed(kernels: WasmKernels): kernels is RelaxedKernels {
  return 'q_matmul_i8__relaxed' in kernels;
}

/** Compiles a kernel module and binds it to `memory`. */
export async function instantiate(module: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): Promise<WasmKernels> {
  try {
    const { instance } = await WebAssembly.instantiate(module, { env: { memory } });
    return instance.exports as unknown as WasmKernels;
  } catch (error) {
    throw new FacetError('kernel-invalid', 'The browser refused the WebAssembly kernels.', { cause: error });
  }
}

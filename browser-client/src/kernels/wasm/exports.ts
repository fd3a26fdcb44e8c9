import { FacetError } from '../../errors';

type Address = number;

/** Names of the kernel modules of `wasm/asconfig.json`, by what a browser must have. */
export const MODULES = {
  simd: { single: 'facet-simd128.wasm', threads: 'facet-simd128-threads.wasm' },
  relaxed: { single: 'facet-relaxed.wasm', threads: 'facet-relaxed-threads.wasm' },
} as const;

/** What every kernel module exports; `wasm/assembly` documents each. */
export interface WasmKernels {
  readonly heapBase: WebAssembly.Global<'i32'>;
  readonly jobBytes: WebAssembly.Global<'i32'>;
  readonly matmulScratch: WebAssembly.Global<'i32'>;
  /** Whether activations of 8 bits are taken, where codes have at most seven. */
  readonly takesBytes: WebAssembly.Global<'i32'>;
  team_lead(job: Address, threads: number): void;
  team_help(job: Address, member: number): void;
  q_merge(codes: Address, plane: Address, firstGroup: number, groups: number, depth: number): void;
  q_row(
    codes: Address, scaleBytes: Address, rowScale: number, layout: number, depth: number, shift: number, cols: number,
    out: Address,
  ): void;
  f32_quantize_i16(
    x: Address, cols: number, count: number, stride: number, out: Address, scales: Address, sums: Address,
  ): void;
  f32_quantize_i16_ordered(
    x: Address, cols: number, order: Address, span: number, plain: Address, out: Address, scales: Address, sums: Address,
  ): void;
  f32_quantize_i8(
    x: Address, cols: number, count: number, stride: number, out: Address, scales: Address, sums: Address,
  ): void;
  f32_quantize_i8_ordered(
    x: Address, cols: number, layout: number, out: Address, scales: Address, sums: Address,
  ): void;
  q_target(index: number, tensor: Address, out: Address): void;
  q_multiply(
    bytes: boolean, values: Address, scales: Address, sums: Address, stride: number, count: number, targets: number,
    accumulate: boolean, scratch: Address, scratchBytes: number,
  ): void;
  f32_rmsnorm(x: Address, gain: Address, out: Address, cols: number, epsilon: number): void;
  f32_rope(x: Address, cosines: Address, sines: Address, heads: number, headDim: number): void;
  f32_append(
    key: Address, value: Address, keys: Address, values: Address, kvHeads: number, headDim: number, capacity: number,
    position: number, count: number,
  ): void;
  f32_attention(
    query: Address, keys: Address, values: Address, out: Address, scores: Address, scoreBytes: number, heads: number,
    kvHeads: number, headDim: number, capacity: number, position: number, count: number,
    window: number, softcap: number, everything: number,
  ): void;
  kv_key_block_bytes(headDim: number, bits: number): number;
  kv_value_block_bytes(headDim: number, bits: number): number;
  kv_scratch_bytes(capacity: number): number;
  kv_append(cache: Address, keys: Address, values: Address, position: number, count: number): void;
  kv_attention(
    cache: Address, query: Address, out: Address, scratch: Address, scratchBytes: number, heads: number, position: number,
    count: number, window: number, softcap: number,
  ): void;
  f32_silu_mul(gate: Address, up: Address, count: number): void;
  f32_gelu_mul(gate: Address, up: Address, count: number): void;
  f32_add(x: Address, y: Address, count: number): void;
  f32_layernorm(x: Address, gain: Address, bias: Address, cols: number, epsilon: number): void;
  /** @param activation 0: gelu, 1: gelu-tanh, 2: quick-gelu */
  f32_activate(x: Address, count: number, activation: number): void;
  f32_softcap(x: Address, count: number, bound: number): void;
  f32_argmax(x: Address, count: number): number;
}

/** Compiles a kernel module. */
export async function compile(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw new FacetError('kernel-invalid', 'The browser refused the WebAssembly kernels.', { cause: error });
  }
}

/** Binds a kernel module to `memory`. */
export async function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<WasmKernels> {
  try {
    const instance = await WebAssembly.instantiate(module, { env: { memory } });
    return instance.exports as unknown as WasmKernels;
  } catch (error) {
    throw new FacetError('kernel-invalid', 'The browser could not start the WebAssembly kernels.', { cause: error });
  }
}

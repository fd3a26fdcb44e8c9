/** WebAssembly features, each found by validating the smallest module that needs it. */

/** Magic number and version. */
const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] as const;
/** One function type without parameters that returns a v128, and one function of it. */
const V128_FUNCTION = [0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00] as const;
/** `i32.const 0; i8x16.splat`. */
const ZERO_VECTOR = [0x41, 0x00, 0xfd, 0x0f] as const;

/** `i8x16.splat` of fixed-width SIMD. */
export function hasSimd(): boolean {
  return validates([...V128_FUNCTION, ...codeSection([...ZERO_VECTOR])]);
}

/** `i16x8.relaxed_dot_i8x16_i7x16_s`. */
export function hasRelaxedSimd(): boolean {
  return validates([...V128_FUNCTION, ...codeSection([...ZERO_VECTOR, ...ZERO_VECTOR, 0xfd, 0x92, 0x02])]);
}

/** A shared memory (limits flag 3: shared, with a maximum) of one page. */
export function hasSharedMemory(): boolean {
  return validates([0x05, 0x04, 0x01, 0x03, 0x01, 0x01]);
}

/** A memory with 64-bit addresses (limits flag 4) of one page. */
export function hasMemory64(): boolean {
  return validates([0x05, 0x03, 0x01, 0x04, 0x01]);
}

function validates(sections: readonly number[]): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array([...HEADER, ...sections]));
}

/** A code section with one function without locals. */
function codeSection(instructions: readonly number[]): number[] {
  const body = [0x00, ...instructions, 0x0b];
  return [0x0a, body.length + 2, 0x01, body.length, ...body];
}

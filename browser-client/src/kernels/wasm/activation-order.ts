import type { LayoutWidth } from '../../codec/layout';

/** Where each weight's activation must lie for a matvec kernel of one layout. */
export interface ActivationOrder {
  /** Weights after which the order repeats: two groups where a vector holds two. */
  readonly span: 32 | 64;
  /** By weight within a span: its 16-bit slot. */
  readonly slots: Int32Array;
}

/**
 * The order follows from how the kernels of `wasm/assembly/matvec.ts` take codes out of 16-bit lanes: vector `s` holds
 * what the s-th shift and mask leaves in each lane. Layouts 2 and 3 take pairs out of words of which a vector holds
 * two groups; 4 takes nibbles; 8 takes even, then odd bytes of each half group.
 */
export function activationOrder(layout: LayoutWidth): ActivationOrder {
  const span = layout <= 3 ? 64 : 32;
  const slots = new Int32Array(span);
  const weightOf = layout <= 3 ? pairWeight : layout === 4 ? nibbleWeight : byteWeight;
  for (let slot = 0; slot < span; slot++) slots[weightOf(slot >> 3, slot & 7)] = slot;
  return { span, slots };
}

function pairWeight(vector: number, lane: number): number {
  const group = lane >> 2;
  const word = (lane >> 1) & 1;
  const byte = 2 * (lane & 1) + (vector >> 2);
  return 32 * group + 16 * word + 4 * (vector & 3) + byte;
}

function nibbleWeight(vector: number, lane: number): number {
  const byte = 2 * (lane & 1) + (vector >> 1);
  return 8 * (lane >> 1) + 4 * (vector & 1) + byte;
}

function byteWeight(vector: number, lane: number): number {
  return 16 * (vector >> 1) + 2 * lane + (vector & 1);
}

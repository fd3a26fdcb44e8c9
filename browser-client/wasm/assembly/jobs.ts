import { attendUnits } from './attention';
import { attendCodedUnits } from './coded-attention';
import { Kernel } from './kernel';
import { multiplyUnits } from './multiply';
import { gateUnits } from './silu';

/**
 * Does units `first` .. `end` of the job whose arguments lie at `jobArguments`.
 *
 * @param member number of the thread, 0 for the leader: tells its part of the scratch space
 */
export function perform(kernel: i32, first: i32, end: i32, member: i32): void {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (kernel == Kernel.MULTIPLY_I8) multiplyUnits<i8>(first, end, member);
  }
  if (kernel == Kernel.MULTIPLY_I16) multiplyUnits<i16>(first, end, member);
  else if (kernel == Kernel.ATTEND) attendUnits(first, end, member);
  else if (kernel == Kernel.ATTEND_CODED) attendCodedUnits(first, end, member);
  else if (kernel == Kernel.GATE) gateUnits(first, end);
}

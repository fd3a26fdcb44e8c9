/** What a job does. */
export const enum Kernel {
  MULTIPLY_I16,
  MULTIPLY_I8,
  ATTEND,
  ATTEND_CODED,
  GATE,
}

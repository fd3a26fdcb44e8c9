/** Most channels of a head. */
const CHANNELS: usize = 256;
const FLOATS: usize = CHANNELS * 4;

/** What one thread needs to attend to a head of up to 256 channels, by address. */
// @ts-ignore: decorator
@unmanaged
export class Scratch {
  /** f32 x channels: the query, scaled for keys in float16. */
  // @ts-ignore: decorator
  @inline
  query(): usize {
    return changetype<usize>(this);
  }

  /** f32 x channels: the mixture of values. */
  // @ts-ignore: decorator
  @inline
  mixed(): usize {
    return changetype<usize>(this) + FLOATS;
  }

  /** f32 x channels: factors of codes before they are rounded. */
  // @ts-ignore: decorator
  @inline
  factors(): usize {
    return changetype<usize>(this) + 2 * FLOATS;
  }

  /** i16 x channels: the same, rounded. */
  // @ts-ignore: decorator
  @inline
  rounded(): usize {
    return changetype<usize>(this) + 3 * FLOATS;
  }

  /** f32 x tokens, to the end. */
  // @ts-ignore: decorator
  @inline
  scores(): usize {
    return changetype<usize>(this) + SCORES;
  }
}

/** Where scores begin. */
export const SCORES: usize = 3 * FLOATS + 2 * CHANNELS;

/** A request's address must not grow beyond what servers take; what does not fit is asked for next. */
const LONGEST = 2_000;

/**
 * Frame numbers as a stream's `frames` names them: `3,7-9,12-`.
 *
 * @param frames ascending
 * @param count frames that the bundle has: a span to the last is written without an end
 * @returns the text, and how many of the numbers it names
 */
export function frameSpans(frames: readonly number[], count: number): { text: string; named: number } {
  let [text, named] = ['', 0];
  while (named < frames.length) {
    let end = named + 1;
    while (frames[end] === frames[end - 1]! + 1) end++;
    const [first, last] = [frames[named]!, frames[end - 1]!];
    const span = last === count - 1 ? `${first}-` : first === last ? `${first}` : `${first}-${last}`;
    if (text.length + span.length >= LONGEST) break;
    text += named === 0 ? span : `,${span}`;
    named = end;
  }
  return { text, named };
}

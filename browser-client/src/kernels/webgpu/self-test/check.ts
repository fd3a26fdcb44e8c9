import type { Dispatch, GpuContext } from '../gpu-context';
import type { GpuFloats } from '../gpu-floats';
import type { MadeUpNumbers } from './made-up-numbers';

/** A kernel that can be tried. */
export interface Candidate {
  /** Its name in reports: another for any other text. */
  readonly label: string;
  /** Null where the kernel is not to be had after all. */
  readonly check: (numbers: MadeUpNumbers) => Check | null;
  /** Puts a plainer kernel in its place; absent where there is none. */
  readonly refuse?: () => void;
}

/** A kernel's run on made-up numbers, and what it should give. */
export interface Check {
  readonly dispatches: readonly Dispatch[];
  readonly results: readonly Result[];
  /** How far the kernel may stray where that is further than usual, relative to the largest value. */
  readonly tolerance?: number;
}

/** What some places of a buffer should hold. */
export interface Result {
  readonly buffer: GPUBuffer;
  readonly expected: readonly { readonly at: number; readonly value: number }[];
  /** Words rather than floats. */
  readonly exact?: boolean;
}

/** How far a kernel may stray from the scalar reference, relative to the largest value: rounding is far below. */
const TOLERANCE = 1e-3;

/** Rows of activations that should hold these values. */
export function rowsResult({ buffer, stride }: GpuFloats, rows: readonly Float32Array[]): Result {
  return { buffer, expected: rows.flatMap((row, r) => Array.from(row, (value, i) => ({ at: r * stride + i, value }))) };
}

/** Whole numbers that should be these, from the buffer's start. */
export function wordsResult(buffer: GPUBuffer, words: readonly number[]): Result {
  return { buffer, expected: words.map((value, at) => ({ at, value })), exact: true };
}

/** For each check whether it passed. All run in one submission and are read at once: reads are slow in some browsers. */
export async function runChecks(context: GpuContext, checks: readonly Check[]): Promise<boolean[]> {
  const buffers = [...new Set(checks.flatMap(({ results }) => results.map(({ buffer }) => buffer)))];
  if (buffers.length === 0) return checks.map(() => true);
  const bytes = buffers.reduce((sum, { size }) => sum + size, 0);
  const staging = context.buffer('runChecks.staging', bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  for (const { dispatches } of checks) for (const dispatch of dispatches) context.record(dispatch);
  const starts = new Map<GPUBuffer, number>();
  let at = 0;
  for (const buffer of buffers) {
    context.copy(buffer, staging, buffer.size, at);
    starts.set(buffer, at);
    at += buffer.size;
  }
  const read = await context.read(staging, bytes);
  context.release(staging);
  return checks.map(({ results, tolerance: own = TOLERANCE }) => {
    const floats = results.filter(({ exact }) => !exact).flatMap(({ expected }) => expected);
    const tolerance = own * Math.max(...floats.map(({ value }) => Math.abs(value)));
    return results.every((result) => holds(result, read, starts.get(result.buffer)!, tolerance));
  });
}

function holds({ expected, exact }: Result, read: ArrayBuffer, start: number, tolerance: number): boolean {
  const actual = exact ? new Uint32Array(read, start) : new Float32Array(read, start);
  return expected.every(({ at, value }) => (exact ? actual[at] === value : Math.abs(actual[at]! - value) <= tolerance));
}

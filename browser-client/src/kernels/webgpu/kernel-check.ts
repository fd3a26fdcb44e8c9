import { layoutOf, type LayoutWidth } from '../../codec/layout';
import type { MatrixUse } from '../backend';
import { taskOf, type Fate, type FastMultiply, type KernelSource, type PackedStack } from './fast-multiply';
import type { Dispatch, GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';
import { rowsOfWorkgroup } from './matvec-shader';
import { CheckData } from './check-data';

/** How far a kernel may stray from the scalar reference, relative to the largest value: rounding is far below. */
const TOLERANCE = 1e-3;
/** Tokens of a prefill check: neither a tile nor a multiple of four. */
const CHECK_TOKENS = 5;
const SHIFT = 0.0625;

/** A kernel on made-up data whose result is known. */
interface Check {
  readonly label: string;
  readonly dispatches: readonly Dispatch[];
  readonly outs: readonly GpuFloats[];
  /** What some places of an output should hold: output, row of it, token. */
  readonly expected: readonly { out: number; row: number; token: number; value: number }[];
}

/**
 * Makes the kernels for every use at every depth on the way to the planned one, and runs each on a few rows of made-up
 * weights. One that strays from the scalar reference, or that the device refuses, is replaced by plain kernels.
 */
export async function prepareProducts(context: GpuContext, fast: FastMultiply, uses: readonly MatrixUse[]): Promise<void> {
  const made = new Map<string, () => Check | null>();
  const sources: KernelSource[] = [];
  for (const use of uses) {
    for (const layout of layoutsTo(use.shapes[0]!.depth)) {
      for (const { source, check } of kernelsOf(context, fast, use, layout)) {
        if (made.has(source.label)) continue;
        made.set(source.label, check);
        sources.push(source);
      }
    }
  }
  await Promise.all(sources.map((source) => fast.compile(source)));
  const checks = [...made].flatMap(([label, check]) => (fast.get(label) ? [check()] : [])).filter((check) => check !== null);
  for (const label of await failing(context, checks)) fast.refuse(label);
}

function layoutsTo(depth: number): LayoutWidth[] {
  return [...new Set(Array.from({ length: depth - 1 }, (_, i) => layoutOf(i + 2)))];
}

function kernelsOf(context: GpuContext, fast: FastMultiply, use: MatrixUse, layout: LayoutWidth) {
  const kernels: { source: KernelSource; check: () => Check | null }[] = [];
  const fate = { gated: use.gated, add: use.accumulate };
  const groups = Math.ceil(use.shapes[0]!.cols / 32);
  const rows = use.shapes.reduce((sum, shape) => sum + shape.rows, 0);
  const task = taskOf({ groups, matrices: use.shapes }, layout, use.norm, fate);
  const matvec = fast.matvecSource(task, use.gated ? rows / 2 : rows);
  if (matvec) {
    const checked = rowsOfWorkgroup(matvec.shape, task) + 3;
    kernels.push({ source: matvec, check: () => matvecCheck(context, fast, use, layout, matvec.label, checked, rows) });
  }
  const matmul = fast.matmulSource(layout, groups, use.shapes.length, use.accumulate);
  if (matmul) kernels.push({ source: matmul, check: () => matmulCheck(context, fast, use, layout, matmul.label, 16 * matmul.tile.TM + 3) });
  return kernels;
}

/** @param tuned rows that the kernel's shape was chosen for */
function matvecCheck(
  context: GpuContext, fast: FastMultiply, use: MatrixUse, layout: LayoutWidth, label: string, rows: number, tuned: number,
): Check | null {
  const data = new CheckData(context, use.shapes[0]!.cols, layout, use.gated ? 2 * rows : rows, SHIFT);
  const stack = data.stack(use.gated ? 2 : use.shapes.length);
  const x = data.activations(1);
  const gain = use.norm ? data.gain() : null;
  const outs = use.gated ? [data.output(rows, 1)] : stack.matrices.map((_, i) => data.output(rowsOf(stack, i), 1));
  const fate: Fate = { gated: use.gated, add: use.accumulate };
  const norm = gain && { gain: gain.floats, epsilon: 1e-5 };
  const dispatches = fast.matvec({ x: x.floats, norm }, stack, outs, fate, use.gated ? tuned / 2 : tuned);
  if (!dispatches) return null;
  const input = gain ? normed(x.values, gain.values) : x.values;
  const expected = sampled(rows).map((row) => {
    const product = data.product(row, input);
    const value = use.gated ? (product / (1 + Math.exp(-product))) * data.product(rows + row, input) : product;
    return { ...(use.gated ? { out: 0, row } : placeOf(stack, row)), token: 0, value };
  });
  return { label, dispatches, outs, expected };
}

function matmulCheck(
  context: GpuContext, fast: FastMultiply, use: MatrixUse, layout: LayoutWidth, label: string, rows: number,
): Check | null {
  const data = new CheckData(context, use.shapes[0]!.cols, layout, rows, SHIFT);
  const stack = data.stack(use.shapes.length);
  const x = data.activations(CHECK_TOKENS);
  const outs = stack.matrices.map((_, i) => data.output(rowsOf(stack, i), CHECK_TOKENS));
  const step = context.uniform('KernelCheck.step', [0, CHECK_TOKENS]);
  const dispatches = fast.matmul(x.floats, stack, outs, step, CHECK_TOKENS, use.accumulate);
  if (!dispatches) return null;
  const expected = sampled(rows).map((row, i) => {
    const token = i % CHECK_TOKENS;
    const input = x.values.subarray(token * x.floats.stride, token * x.floats.stride + x.floats.width);
    return { ...placeOf(stack, row), token, value: data.product(row, input) };
  });
  return { label, dispatches, outs, expected };
}

/** Labels of the checks that failed. All run in one submission and are read at once: reads are slow in some browsers. */
async function failing(context: GpuContext, checks: readonly Check[]): Promise<string[]> {
  const outs = checks.flatMap((check) => check.outs);
  if (outs.length === 0) return [];
  const bytes = outs.reduce((sum, { buffer }) => sum + buffer.size, 0);
  const staging = context.buffer('KernelCheck.staging', bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  for (const { dispatches } of checks) for (const dispatch of dispatches) context.record(dispatch);
  let at = 0;
  const starts = new Map<GpuFloats, number>();
  for (const out of outs) {
    context.copy(out.buffer, staging, out.buffer.size, at);
    starts.set(out, at / 4);
    at += out.buffer.size;
  }
  const results = new Float32Array(await context.read(staging, bytes));
  const wrong = checks.filter(({ outs: own, expected }) => {
    const largest = Math.max(...expected.map(({ value }) => Math.abs(value)));
    return !expected.every(({ out, row, token, value }) => {
      const actual = results[starts.get(own[out]!)! + token * own[out]!.stride + row]!;
      return Math.abs(actual - value) <= TOLERANCE * largest;
    });
  });
  CheckData.release(context);
  context.release(staging);
  return wrong.map(({ label }) => label);
}

function rowsOf(stack: PackedStack, i: number): number {
  return (stack.matrices[i + 1]?.firstRow ?? stack.rows) - stack.matrices[i]!.firstRow;
}

/** Output and row of it where a stack's row goes. */
function placeOf(stack: PackedStack, row: number): { out: number; row: number } {
  const out = stack.matrices.findLastIndex(({ firstRow }) => firstRow <= row);
  return { out, row: row - stack.matrices[out]!.firstRow };
}

function sampled(rows: number): number[] {
  return [0, 1, 2, Math.floor(rows / 3), Math.floor(rows / 2), rows - 2, rows - 1];
}

function normed(x: Float32Array, gain: Float32Array): Float32Array {
  const squares = x.reduce((sum, value) => sum + value * value, 0);
  const inverse = 1 / Math.sqrt(squares / x.length + 1e-5);
  return x.map((value, i) => value * inverse * gain[i]!);
}

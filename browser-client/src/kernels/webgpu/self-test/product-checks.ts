import { layoutOf, type LayoutWidth } from '../../../codec/layout';
import type { MatrixUse } from '../../backend';
import { rmsNorm } from '../../reference/rms-norm';
import { taskOf, type Fate, type FastMultiply, type KernelSource, type PackedStack } from '../fast-multiply';
import type { GpuContext } from '../gpu-context';
import type { GpuFloats } from '../gpu-floats';
import { rowsOfWorkgroup } from '../matvec-shader';
import type { Candidate, Check, Result } from './check';
import type { MadeUpNumbers } from './made-up-numbers';
import { MadeUpTensor } from './made-up-tensor';

/** Tokens of a prefill check: neither a tile nor a multiple of four. */
const TOKENS = 5;
const EPSILON = 1e-5;

/** What a kernel is for. */
interface Task {
  readonly fast: FastMultiply;
  readonly use: MatrixUse;
  readonly layout: LayoutWidth;
}

/** Compiles the tailored kernels of products for every use, at every depth on the way to the planned one. */
export async function productCandidates(fast: FastMultiply, uses: readonly MatrixUse[]): Promise<Candidate[]> {
  const made = new Map<string, { source: KernelSource; candidate: Candidate }>();
  for (const use of uses) {
    for (const layout of layoutsTo(use.shapes[0]!.depth)) {
      for (const kernel of kernelsOf({ fast, use, layout })) made.set(kernel.source.label, made.get(kernel.source.label) ?? kernel);
    }
  }
  const kernels = [...made.values()];
  await Promise.all(kernels.map(({ source }) => fast.compile(source)));
  return kernels.filter(({ source }) => fast.get(source.label)).map(({ candidate }) => candidate);
}

function layoutsTo(depth: number): LayoutWidth[] {
  return [...new Set(Array.from({ length: depth - 1 }, (_, i) => layoutOf(i + 2)))];
}

function kernelsOf(task: Task) {
  const { fast, use, layout } = task;
  const groups = Math.ceil(use.shapes[0]!.cols / 32);
  const rows = use.shapes.reduce((sum, shape) => sum + shape.rows, 0);
  const asked = taskOf({ groups, matrices: use.shapes }, layout, use.norm, { gated: use.gated, add: use.accumulate });
  const matvec = fast.matvecSource(asked, use.gated ? rows / 2 : rows);
  const matmul = fast.matmulSource(layout, groups, use.shapes.length, use.accumulate);
  const candidate = (source: KernelSource, check: Candidate['check']) =>
    ({ source, candidate: { label: source.label, check, refuse: () => fast.refuse(source.label) } });
  return [
    ...(matvec ? [candidate(matvec, (numbers) => matvecCheck(task, numbers, rowsOfWorkgroup(matvec.shape, asked) + 3, rows))] : []),
    ...(matmul ? [candidate(matmul, (numbers) => matmulCheck(task, numbers, 16 * matmul.tile.TM + 3))] : []),
  ];
}

/** @param tuned rows that the kernel's shape was chosen for */
function matvecCheck({ fast, use, layout }: Task, numbers: MadeUpNumbers, rows: number, tuned: number): Check | null {
  const tensor = new MadeUpTensor(numbers, use.shapes[0]!.cols, layout, use.gated ? 2 * rows : rows);
  const stack = tensor.stack(use.gated ? 2 : use.shapes.length);
  const x = numbers.rows(use.shapes[0]!.cols, 1);
  const gain = use.norm ? numbers.rows(use.shapes[0]!.cols, 1) : null;
  const outs = use.gated ? [numbers.output(rows, 1)] : stack.matrices.map((_, i) => numbers.output(heightOf(stack, i), 1));
  const fate: Fate = { gated: use.gated, add: use.accumulate };
  const norm = gain && { gain: gain.floats, epsilon: EPSILON };
  const dispatches = fast.matvec({ x: x.floats, norm }, stack, outs, fate, use.gated ? tuned / 2 : tuned);
  if (!dispatches) return null;
  const input = gain ? rmsNorm(x.row(0), gain.row(0), EPSILON) : x.row(0);
  const expected = sampled(rows).map((row) => {
    const product = tensor.product(row, input);
    const value = use.gated ? (product / (1 + Math.exp(-product))) * tensor.product(rows + row, input) : product;
    return { ...(use.gated ? { out: 0, row } : placeOf(stack, row)), token: 0, value };
  });
  return { dispatches, results: resultsOf(outs, expected) };
}

function matmulCheck({ fast, use, layout }: Task, numbers: MadeUpNumbers, rows: number): Check | null {
  const tensor = new MadeUpTensor(numbers, use.shapes[0]!.cols, layout, rows);
  const stack = tensor.stack(use.shapes.length);
  const x = numbers.rows(use.shapes[0]!.cols, TOKENS);
  const outs = stack.matrices.map((_, i) => numbers.output(heightOf(stack, i), TOKENS));
  const step = stepOf(numbers.context, 0, TOKENS);
  const dispatches = fast.matmul(x.floats, stack, outs, step, TOKENS, use.accumulate);
  if (!dispatches) return null;
  const expected = sampled(rows).map((row, i) => {
    const token = i % TOKENS;
    return { ...placeOf(stack, row), token, value: tensor.product(row, x.row(token)) };
  });
  return { dispatches, results: resultsOf(outs, expected) };
}

/** Position and count of a step, as kernels read them. */
export function stepOf(context: GpuContext, position: number, count: number): GPUBuffer {
  return context.uniform('selfTest.step', [position, count]);
}

interface Place {
  readonly out: number;
  readonly row: number;
  readonly token: number;
  readonly value: number;
}

function resultsOf(outs: readonly GpuFloats[], places: readonly Place[]): Result[] {
  return outs.flatMap(({ buffer, stride }, i) => {
    const own = places.filter(({ out }) => out === i);
    return own.length === 0 ? [] : [{ buffer, expected: own.map(({ row, token, value }) => ({ at: token * stride + row, value })) }];
  });
}

function heightOf(stack: PackedStack, i: number): number {
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

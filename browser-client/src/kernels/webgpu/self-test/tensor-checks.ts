import { BASE_DEPTH, groupsOf, layoutOf } from '../../../codec/layout';
import { PackedTensor } from '../../../codec/packed-tensor';
import type { PlaneSegment } from '../../../codec/segment';
import { matvec } from '../../reference/matvec';
import { GpuStack } from '../gpu-stack';
import type { Kernels } from '../kernels';
import { rowsResult, type Candidate, type Check } from './check';
import type { MadeUpNumbers } from './made-up-numbers';
import { stepOf } from './product-checks';

/** One depth for each packed layout; on the way to the deepest every merge has its turn. */
const DEPTHS = [2, 3, 4, 8] as const;
const ROWS = 19;
const COLS = 77;
const TOKENS = 3;

/** Merging planes, looking rows up, and the plain products, on a tensor of every layout: none has a plainer kernel. */
export function tensorCandidates(kernels: Kernels): Candidate[] {
  return DEPTHS.map((depth) => ({ label: `tensor-${depth}`, check: (numbers) => tensorCheck(kernels, numbers, depth) }));
}

function tensorCheck({ embed, plain, merge }: Kernels, numbers: MadeUpNumbers, depth: number): Check {
  const { context } = numbers;
  const shape = { name: 'made-up', rows: ROWS, cols: COLS, anchor: depth, shift: 0.0625, depth };
  const reference = new PackedTensor(shape);
  const stack = new GpuStack(context, [shape]);
  const [matrix] = stack.matrices as [(typeof stack.matrices)[0]];
  for (let plane = BASE_DEPTH; plane <= depth; plane++) {
    const segments = [madeUpPlane(numbers, plane, depth)];
    reference.merge(segments);
    stack.merge(matrix, segments, merge);
  }
  for (const { codes, scaleBytes, rowScales } of stack.parts) for (const buffer of [codes, scaleBytes, rowScales]) numbers.keep(buffer);
  const x = numbers.rows(COLS, TOKENS);
  const [one, several, embedded] = [numbers.output(ROWS, 1), numbers.output(ROWS, TOKENS), numbers.output(COLS, TOKENS)];
  const tokens = [ROWS - 1, 0, 7];
  const step = stepOf(context, 0, TOKENS);
  const products = tokens.map((_, t) => matvec(reference, x.row(t)));
  return {
    dispatches: [
      ...plain.multiply(x.floats, matrix, one, step, 1, false),
      ...plain.multiply(x.floats, matrix, several, step, TOKENS, false),
      ...embed.embed(matrix, step, numbers.upload(Uint32Array.from(tokens)), embedded, TOKENS),
    ],
    results: [rowsResult(one, products.slice(0, 1)), rowsResult(several, products), rowsResult(embedded, tokens.map((token) => rowOf(reference, token)))],
  };
}

function rowOf(tensor: PackedTensor, row: number): Float32Array {
  return Float32Array.from({ length: COLS }, (_, col) => tensor.value(row, col));
}

function madeUpPlane(numbers: MadeUpNumbers, depth: number, anchor: number): PlaneSegment {
  const groups = ROWS * groupsOf(COLS);
  const base = depth === BASE_DEPTH;
  const bytes = (length: number) => Uint8Array.from({ length }, () => numbers.bits() >>> 24);
  return {
    depth,
    firstRow: 0,
    rowCount: ROWS,
    // bfloat16 from 1 to 2.
    rowScales: base ? Uint16Array.from({ length: ROWS }, () => 0x3f80 | (numbers.bits() >>> 25)) : null,
    gains: depth < anchor ? bytes(ROWS) : null,
    scaleBytes: base ? bytes(groups) : null,
    codes: Uint32Array.from({ length: groups * (base ? layoutOf(BASE_DEPTH) : 1) }, () => numbers.bits()),
  };
}

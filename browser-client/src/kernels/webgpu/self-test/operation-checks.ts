import { ropeTable } from '../../../runtime/rope';
import { Sampler } from '../../../runtime/sampler';
import type { TokenSampling } from '../../backend';
import { argmax } from '../../reference/argmax';
import { rmsNorm } from '../../reference/rms-norm';
import { rotate } from '../../reference/rope';
import { GpuCache } from '../gpu-cache';
import type { Kernels } from '../kernels';
import type { StepBuffers } from '../webgpu-backend';
import { rowsResult, wordsResult, type Candidate, type Check } from './check';
import type { MadeUpNumbers, MadeUpRows } from './made-up-numbers';
import { stepOf } from './product-checks';

/** No multiple of anything that kernels are cut by. */
const WIDTH = 77;
const ROWS = 3;
const POSITION = 5;
const EPSILON = 1e-5;
const VOCABULARY = 3001;

/** The kernels that every model uses as they are: none has a plainer one. */
export function operationCandidates(kernels: Kernels, buffers: StepBuffers): Candidate[] {
  return [
    { label: 'norm', check: (numbers) => normCheck(kernels, numbers) },
    { label: 'rope-store', check: (numbers) => ropeCheck(kernels, numbers) },
    { label: 'argmax', check: (numbers) => argmaxCheck(kernels, numbers) },
    { label: 'sample', check: (numbers) => sampleCheck(kernels, numbers) },
    { label: 'advance', check: (numbers) => advanceCheck(buffers, numbers) },
  ];
}

function advanceCheck({ step, tokens, picked }: StepBuffers, numbers: MadeUpNumbers): Check {
  const { queue } = numbers.context.device;
  queue.writeBuffer(step, 0, Uint32Array.of(POSITION, ROWS));
  queue.writeBuffer(picked.buffer, 0, Uint32Array.of(41));
  return { dispatches: [picked.advance], results: [wordsResult(step, [POSITION + ROWS, 1]), wordsResult(tokens, [41])] };
}

function normCheck({ norm }: Kernels, numbers: MadeUpNumbers): Check {
  const [x, gain] = [numbers.rows(WIDTH, ROWS), numbers.rows(WIDTH, 1)];
  const [all, last] = [numbers.output(WIDTH, ROWS), numbers.output(WIDTH, 1)];
  const step = stepOf(numbers.context, 0, ROWS);
  const expected = Array.from({ length: ROWS }, (_, row) => rmsNorm(x.row(row), gain.row(0), EPSILON));
  return {
    dispatches: [
      norm.norm(x.floats, gain.floats, all, EPSILON, step, ROWS, 'all'),
      norm.norm(x.floats, gain.floats, last, EPSILON, step, ROWS, 'last'),
    ],
    results: [rowsResult(all, expected), rowsResult(last, expected.slice(-1))],
  };
}

function ropeCheck({ ropeStore }: Kernels, numbers: MadeUpNumbers): Check {
  const shape = { layers: 1, kvHeads: 2, headDim: 14, capacity: POSITION + ROWS + 1 };
  const { headDim, kvHeads, capacity } = shape;
  const table = ropeTable(Float64Array.from({ length: headDim / 2 }, (_, i) => 1 / (i + 1)), capacity) as Float32Array<ArrayBuffer>;
  const [query, key, value] = [5, kvHeads, kvHeads].map((heads) => numbers.rows(heads * headDim, ROWS)) as [MadeUpRows, MadeUpRows, MadeUpRows];
  const cache = new GpuCache(numbers.context, shape);
  const [keys, values] = cache.layer(0).map((buffer) => numbers.keep(buffer)) as [GPUBuffer, GPUBuffer];
  const turned = (rows: MadeUpRows) => everyRow((r) => {
    const at = (position: number) => table.subarray((position * headDim) / 2, ((position + 1) * headDim) / 2);
    return rotate(rows.row(r), headDim, at(POSITION + r), at(capacity + POSITION + r));
  });
  const cached = (buffer: GPUBuffer, rows: readonly Float32Array[]) => ({
    buffer,
    expected: rows.flatMap((row, r) => Array.from(row, (each, i) => (
      { at: (Math.floor(i / headDim) * capacity + POSITION + r) * headDim + (i % headDim), value: each }))),
  });
  const step = stepOf(numbers.context, POSITION, ROWS);
  return {
    dispatches: ropeStore.store(query.floats, key.floats, value.floats, floatsWith(numbers, table), cache, 0, step, { first: 0, count: ROWS }),
    results: [rowsResult(query.floats, turned(query)), cached(keys, turned(key)), cached(values, everyRow((r) => value.row(r)))],
  };
}

function everyRow(of: (row: number) => Float32Array): Float32Array[] {
  return Array.from({ length: ROWS }, (_, row) => of(row));
}

function argmaxCheck({ argmax: kernel }: Kernels, numbers: MadeUpNumbers): Check {
  const [usual, broken] = [numbers.numbers(VOCABULARY), numbers.numbers(VOCABULARY)];
  usual[2222] = usual[2900] = 2;
  broken[1500] = NaN;
  const checks = [usual, broken].map((values) => {
    const picked = numbers.upload(Uint32Array.of(7));
    const logits = floatsWith(numbers, values);
    return { dispatches: kernel.argmax(logits, VOCABULARY, picked), results: [wordsResult(picked, [argmax(values) >>> 0])] };
  });
  return { dispatches: checks.flatMap(({ dispatches }) => dispatches), results: checks.flatMap(({ results }) => results) };
}

function sampleCheck({ sample: kernel }: Kernels, numbers: MadeUpNumbers): Check {
  const sampling: TokenSampling = { temperature: 0.2, topK: 40, topP: 0.9, seed: 5, origin: POSITION };
  const values = numbers.numbers(VOCABULARY);
  const logits = floatsWith(numbers, values);
  const sampler = new Sampler(sampling);
  const draws = [0, 1, 2].map((index) => {
    const picked = numbers.upload(Uint32Array.of(7));
    const step = stepOf(numbers.context, POSITION + index - 1, 1);
    return {
      dispatch: kernel.sample(logits, VOCABULARY, sampling, step, picked),
      result: wordsResult(picked, [sampler.draw(values, index)]),
    };
  });
  return { dispatches: draws.map(({ dispatch }) => dispatch), results: draws.map(({ result }) => result) };
}

function floatsWith(numbers: MadeUpNumbers, values: Float32Array<ArrayBuffer>) {
  const { length } = values;
  return { buffer: numbers.upload(values), width: length, stride: length, length, transient: false };
}

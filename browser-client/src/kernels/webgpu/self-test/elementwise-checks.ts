import type { Activation } from '../../../transport/wire';
import { gateMul } from '../../reference/gate-mul';
import { rmsNorm } from '../../reference/rms-norm';
import type { Kernels } from '../kernels';
import { rowsResult, type Candidate, type Check } from './check';
import type { MadeUpNumbers } from './made-up-numbers';

/** Seven heads of eleven: no multiple of anything that kernels are cut by. */
const HEAD = 11;
const WIDTH = 7 * HEAD;
const ROWS = 3;
const EPSILON = 1e-5;
const BOUND = 0.5;

/** Gates and what some families do beyond Llama: none has a plainer kernel. */
export function elementwiseCandidates(kernels: Kernels): Candidate[] {
  return [
    { label: 'silu-mul', check: (numbers) => gateCheck(kernels, numbers, 'silu') },
    { label: 'gelu-mul', check: (numbers) => gateCheck(kernels, numbers, 'gelu-tanh') },
    { label: 'add', check: (numbers) => addCheck(kernels, numbers) },
    { label: 'head-norm', check: (numbers) => headNormCheck(kernels, numbers) },
    { label: 'softcap', check: (numbers) => softcapCheck(kernels, numbers) },
  ];
}

function gateCheck({ gateMul: kernel }: Kernels, numbers: MadeUpNumbers, activation: Activation): Check {
  const [gate, up] = [numbers.rows(WIDTH, ROWS), numbers.rows(WIDTH, ROWS)];
  return {
    dispatches: [kernel.gate(gate.floats, up.floats, activation, ROWS)],
    results: [rowsResult(gate.floats, everyRow((r) => gateMul(gate.row(r), up.row(r), activation)))],
  };
}

function addCheck({ elementwise }: Kernels, numbers: MadeUpNumbers): Check {
  const [x, other, y, vector] = [ROWS, ROWS, ROWS, 1].map((rows) => numbers.rows(WIDTH, rows));
  return {
    dispatches: [elementwise.add(x!.floats, y!.floats, false, ROWS), elementwise.add(other!.floats, vector!.floats, true, ROWS)],
    results: [
      rowsResult(x!.floats, everyRow((r) => sum(x!.row(r), y!.row(r)))),
      rowsResult(other!.floats, everyRow((r) => sum(other!.row(r), vector!.row(0)))),
    ],
  };
}

function headNormCheck({ elementwise }: Kernels, numbers: MadeUpNumbers): Check {
  const [x, gain] = [numbers.rows(WIDTH, ROWS), numbers.rows(HEAD, 1)];
  const normed = everyRow((r) => {
    const row = x.row(r).slice();
    for (let at = 0; at < WIDTH; at += HEAD) row.set(rmsNorm(row.slice(at, at + HEAD), gain.row(0), EPSILON), at);
    return row;
  });
  return { dispatches: [elementwise.normHeads(x.floats, gain.floats, EPSILON, ROWS)], results: [rowsResult(x.floats, normed)] };
}

function softcapCheck({ elementwise }: Kernels, numbers: MadeUpNumbers): Check {
  const x = numbers.rows(WIDTH, 1);
  const capped = x.row(0).map((value) => BOUND * Math.tanh(value / BOUND));
  return { dispatches: [elementwise.softcap(x.floats, BOUND)], results: [rowsResult(x.floats, [capped])] };
}

function sum(x: Float32Array, y: Float32Array): Float32Array {
  return x.map((value, i) => value + y[i]!);
}

function everyRow(of: (row: number) => Float32Array): Float32Array[] {
  return Array.from({ length: ROWS }, (_, row) => of(row));
}

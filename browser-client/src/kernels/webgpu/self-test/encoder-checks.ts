import type { EncoderActivation } from '../../../transport/wire';
import { ReferenceEncoderOperations } from '../../reference/encoder-operations';
import type { Kernels } from '../kernels';
import { rowsResult, type Candidate, type Check } from './check';
import type { MadeUpNumbers } from './made-up-numbers';

/** No multiple of anything that kernels are cut by. */
const WIDTH = 77;
const ROWS = 3;
const EPSILON = 1e-5;
const ACTIVATIONS: readonly EncoderActivation[] = ['gelu', 'gelu-tanh', 'quick-gelu'];

/** What encoders do beyond decoders' operations: none of it has a plainer kernel. */
export function encoderCandidates(kernels: Kernels): Candidate[] {
  return [
    { label: 'layer-norm', check: (numbers) => layerNormCheck(kernels, numbers) },
    { label: 'copy', check: (numbers) => copyCheck(kernels, numbers) },
    ...ACTIVATIONS.map((activation) => ({
      label: `activate.${activation}`, check: (numbers: MadeUpNumbers) => activationCheck(kernels, activation, numbers),
    })),
  ];
}

function layerNormCheck({ encoder }: Kernels, numbers: MadeUpNumbers): Check {
  const [x, gain, bias] = [ROWS, 1, 1].map((rows) => numbers.rows(WIDTH, rows));
  const normed = everyRow((r) => {
    const row = x!.row(r).slice();
    reference(1).layerNorm(row, gain!.row(0), bias!.row(0), EPSILON);
    return row;
  });
  return {
    dispatches: [encoder.layerNorm(x!.floats, gain!.floats, bias!.floats, EPSILON, ROWS)],
    results: [rowsResult(x!.floats, normed)],
  };
}

function activationCheck({ encoder }: Kernels, activation: EncoderActivation, numbers: MadeUpNumbers): Check {
  const x = numbers.rows(WIDTH, ROWS, () => 4);
  const active = everyRow((r) => {
    const row = x.row(r).slice();
    reference(1).activate(row, activation);
    return row;
  });
  return { dispatches: [encoder.activate(x.floats, activation, ROWS)], results: [rowsResult(x.floats, active)] };
}

function copyCheck({ encoder }: Kernels, numbers: MadeUpNumbers): Check {
  const [x, y] = [numbers.rows(WIDTH, ROWS), numbers.output(WIDTH, ROWS)];
  return { dispatches: [encoder.copy(x.floats, y, ROWS)], results: [rowsResult(y, everyRow((r) => x.row(r)))] };
}

function reference(rows: number): ReferenceEncoderOperations {
  return new ReferenceEncoderOperations(rows, () => rows);
}

function everyRow(of: (row: number) => Float32Array): Float32Array[] {
  return Array.from({ length: ROWS }, (_, row) => of(row));
}

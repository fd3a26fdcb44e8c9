import type { Dispatch } from './gpu-context';
import type { Kernels } from './kernels';
import { sameOperations, StepCompiler, type Operation, type StepFacts } from './step-compiler';

/** A step's dispatches, and what they were made from. */
interface Program {
  readonly operations: readonly Operation[];
  readonly count: number;
  readonly splits: number;
  readonly dispatches: readonly Dispatch[];
}

/** Decoding, prefill and its last step, and two for every layer of an encoder. */
const KEPT = 64;

/** The dispatches of recent steps: the next step is nearly always like one of them, and then nothing is made. */
export class StepPrograms {
  readonly #compiler: StepCompiler;
  readonly #programs: Program[] = [];

  constructor(kernels: Kernels) {
    this.#compiler = new StepCompiler(kernels);
  }

  dispatches(operations: readonly Operation[], facts: StepFacts): readonly Dispatch[] {
    const { count, splits } = facts;
    const known = this.#programs.find((program) =>
      program.count === count && program.splits === splits && sameOperations(program.operations, operations));
    if (known) return known.dispatches;
    const dispatches = this.#compiler.compile(operations, facts);
    this.#programs.unshift({ operations, count, splits, dispatches });
    this.#programs.length = Math.min(this.#programs.length, KEPT);
    return dispatches;
  }

  /** Buffers have changed: what was made binds the old ones. */
  forget(): void {
    this.#programs.length = 0;
  }
}

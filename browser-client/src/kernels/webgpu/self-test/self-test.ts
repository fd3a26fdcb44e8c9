import { FacetError } from '../../../errors';
import type { GpuContext } from '../gpu-context';
import { runChecks, type Candidate } from './check';
import type { KernelVerdicts } from './kernel-verdicts';
import { MadeUpNumbers } from './made-up-numbers';

/**
 * Runs every kernel that has no verdict yet on made-up numbers. One that strays from the scalar reference is replaced by a
 * plainer one.
 *
 * @throws FacetError `kernel-invalid` naming those that are wrong and have no plainer one
 */
export async function selfTest(context: GpuContext, candidates: readonly Candidate[], verdicts: KernelVerdicts): Promise<void> {
  const numbers = new MadeUpNumbers(context);
  const unknown = candidates.filter(({ label }) => verdicts.of(label) === undefined);
  const tried = unknown.map(({ label, check }) => ({ label, check: check(numbers) })).filter(({ check }) => check !== null);
  const passed = await runChecks(context, tried.map(({ check }) => check!));
  tried.forEach(({ label }, i) => verdicts.add(label, passed[i]!));
  numbers.release();
  await verdicts.save();
  const wrong = candidates.filter(({ label }) => verdicts.of(label) === false);
  for (const { refuse } of wrong) refuse?.();
  const beyondHelp = wrong.filter(({ refuse }) => !refuse).map(({ label }) => label);
  if (beyondHelp.length > 0) {
    throw new FacetError('kernel-invalid', `This graphics device computes wrongly: ${beyondHelp.join(', ')}.`);
  }
}

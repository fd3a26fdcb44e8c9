import { describe, expect, it } from 'vitest';
import { choicesOf, memoryOf } from '../src/playground/model/reasons';
import { planOf } from '../dev/documents.mjs';

describe('the plan in words', () => {
  it('reads in the same order, whatever the service’s, and keeps choices it does not know', () => {
    const plan = planOf();
    const reasons = [{ choice: 'drafting', value: 'off', because: 'No draft model.' }, ...[...plan.reasons].reverse()];
    expect(choicesOf({ ...plan, reasons }).map((choice) => choice.name)).toEqual([
      'Backend',
      'Precision',
      'Context',
      'KV cache',
      'Threads',
      'Drafting',
    ]);
  });

  it('shows values as people say them, with the runner-up', () => {
    const [backend, precision, context] = choicesOf(planOf());
    expect(backend).toMatchObject({ value: 'WebAssembly', runnerUp: 'instead of WebGPU' });
    expect(precision?.value).toMatch(/^4\.25 bits, full-4$/);
    expect(context).toMatchObject({ value: '1,024 tokens', runnerUp: null });
  });

  it('divides the memory budget', () => {
    const plan = planOf();
    const memory = memoryOf(plan);
    expect(memory.parts.reduce((sum, part) => sum + part.share, 0)).toBeCloseTo(plan.memory.totalBytes / plan.memory.budgetBytes);
  });

  it('never draws beyond the bar when a plan exceeds its budget', () => {
    const plan = planOf();
    const memory = memoryOf({ ...plan, memory: { ...plan.memory, budgetBytes: 1000 } });
    expect(memory.share).toBe(1);
  });
});

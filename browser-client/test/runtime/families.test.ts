import { describe, expect, test } from 'vitest';
import { ReferenceBackend } from '../../src/kernels/reference/reference-backend';
import type { KernelBackend } from '../../src/kernels/backend';
import { FAMILIES, goldenLadder } from '../fixtures/golden-ladder';
import { BUILDS, wasmBackend } from '../fixtures/kernels';
import { agreementOf } from '../fixtures/ladder-run';

const BACKENDS: Readonly<Record<string, () => Promise<KernelBackend>>> = {
  reference: async () => new ReferenceBackend(),
  ...Object.fromEntries(BUILDS.map((build) => [build.name, () => wasmBackend(build)])),
};

describe.each(Object.keys(BACKENDS))('%s at 8 bits', (backend) => {
  test.each(FAMILIES)('%s keeps to the reference', async (family) => {
    const { meanKl, sameText } = await agreementOf(goldenLadder(family), BACKENDS[backend]!);

    expect(meanKl).toBeLessThanOrEqual(0.01);
    expect(sameText).toBe(3);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { matvecShader, rowsOfWorkgroup, workgroupBytes, type MatvecTask } from '../../src/kernels/webgpu/matvec-shader';
import { evaluate, expand } from '../../src/kernels/webgpu/template';
import { USUAL_VARIANTS, type KernelVariants } from '../../src/kernels/variants';
import { matmulTile, matvecShape, variantsOf } from '../../src/kernels/webgpu/tuning';

const FOLDER = new URL('../../src/kernels/webgpu/', import.meta.url);
const wgsl = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8');

describe('expand', () => {
  test('keeps the lines of the branch that holds', () => {
    const template = '#if A == 1\none\n#elif A == 2\ntwo\n#else\nmore\n#endif\nend';

    expect([1, 2, 3].map((A) => expand(template, { A }))).toEqual(['one\nend', 'two\nend', 'more\nend']);
  });

  test('repeats loops, nested ones too, and fills in expressions', () => {
    const template = '#for i in N\n#for j in i + 1\nx${i * 10 + j}\n#endfor\n#endfor';

    expect(expand(template, { N: 2 })).toBe('x0\nx10\nx11');
  });

  test('leaves out a branch whose names mean nothing there', () => {
    expect(expand('#if A\n#for i in MISSING\n${MISSING}\n#endfor\n#endif', { A: 0 })).toBe('');
  });

  test.each(['${MISSING}', '#if 1', '#while 1', '#for i in', '${1 +}', '${(1}'])('refuses %s', (template) => {
    expect(() => expand(template, {})).toThrow(expect.objectContaining({ code: 'kernel-invalid' }));
  });
});

test.each([
  ['1 + 2 * 3', 7], ['(1 + 2) * 3', 9], ['7 / 2', 3], ['-N % 3', -2], ['!N || N >= 5', 1], ['N == 5 && N != 5', 0], ['2 < 1 == 0', 1],
])('%s is %i', (text, value) => {
  expect(evaluate(text, { N: 5 })).toBe(value);
});

const TRAITS = { software: false, largestBinding: 2 ** 27, subgroup: 32, packedDot: true, workgroupBytes: 32768, invocations: 1024, variants: USUAL_VARIANTS };
const TASK: MatvecTask = { layout: 4, groups: 128, norm: false, gated: false, outputs: 1, add: false };

describe('tuning', () => {
  test('takes what the device has', () => {
    expect(matvecShape(TRAITS, TASK, 4096)?.arithmetic).toBe('packed16');
    expect(matvecShape({ ...TRAITS, packedDot: false }, TASK, 4096)?.arithmetic).toBe('float');
    expect(matvecShape({ ...TRAITS, subgroup: 0 }, TASK, 4096)?.arithmetic).toBe('float');
    expect(matvecShape({ ...TRAITS, software: true }, TASK, 4096)).toBeNull();
    expect(matmulTile({ ...TRAITS, invocations: 128 })).toBeNull();
  });

  test('has as many ways to make products as the device allows', () => {
    const shape = (matvec: KernelVariants['matvec']) => matvecShape({ ...TRAITS, variants: { ...USUAL_VARIANTS, matvec } }, TASK, 14336)!;

    expect(variantsOf(TRAITS)).toEqual({ matvec: ['packed', 'narrow', 'float'], matmul: ['large', 'small'] });
    expect(variantsOf({ ...TRAITS, packedDot: false, workgroupBytes: 16384 })).toEqual({ matvec: [], matmul: ['large'] });
    expect(variantsOf({ ...TRAITS, software: true })).toEqual({ matvec: [], matmul: [] });
    expect(shape('narrow')).toMatchObject({ arithmetic: 'packed16', lanes: 32, sets: 4 });
    expect(shape('float').arithmetic).toBe('float');
    expect(matmulTile({ ...TRAITS, variants: { ...USUAL_VARIANTS, matmul: 'small' } })).toEqual({ TM: 4, TN: 4 });
  });

  test('keeps to the limits: rows too long to be staged go through float', () => {
    const long = { ...TASK, groups: 448 };

    expect(matvecShape(TRAITS, long, 4096)?.arithmetic).toBe('packed16');
    expect(matvecShape({ ...TRAITS, workgroupBytes: 16384 }, long, 4096)?.arithmetic).toBe('float');
    for (const workgroupSize of [64, 256, 1024]) {
      const traits = { ...TRAITS, invocations: workgroupSize };
      const shape = matvecShape(traits, TASK, 100_000)!;
      expect(shape.lanes * shape.sets).toBeLessThanOrEqual(workgroupSize);
      expect(workgroupBytes(shape, TASK, traits.subgroup)).toBeLessThanOrEqual(traits.workgroupBytes);
    }
  });

  test('small matrices get more, smaller workgroups', () => {
    const rows = (outputs: number) => rowsOfWorkgroup(matvecShape(TRAITS, TASK, outputs)!, TASK);

    expect(rows(512)).toBeLessThan(rows(4096));
    expect(rows(4096)).toBeLessThan(rows(14336));
  });
});

test.each([2, 3, 4, 8] as const)('every decode kernel of layout %i is whole', (layout) => {
  for (const traits of [TRAITS, { ...TRAITS, packedDot: false }, { ...TRAITS, subgroup: 0 }, { ...TRAITS, subgroup: 4 }]) {
    for (const groups of [1, 6, 128]) {
      for (const [gated, outputs] of [[true, 1], [false, 1], [false, 3]] as const) {
        const task: MatvecTask = { ...TASK, layout, groups, gated, outputs, norm: true };
        const code = matvecShader([wgsl('matvec.wgsl'), wgsl('reduce.wgsl')], matvecShape(traits, task, 172)!, task, traits.subgroup);
        expect(code).not.toMatch(/^\s*#|\$\{/m);
        // What every device has.
        expect(code.match(/var<storage/g)!.length).toBeLessThanOrEqual(8);
        expect(code.split('{').length).toBe(code.split('}').length);
      }
    }
  }
});

import { describe, expect, test } from 'vitest';
import { PackedTensor } from '../../src/codec/packed-tensor';
import { decode, type PlanarTensor } from '../../src/codec/reference-decoder';
import type { PlaneSegment } from '../../src/codec/segment';
import { matvec } from '../../src/kernels/reference/matvec';
import { GOLDEN } from '../fixtures/golden';
import { hexBytes, plane, shapeOf, type GoldenCase } from '../fixtures/golden-case';

describe.each(GOLDEN)('$name', (golden) => {
  test('the reference decoder gives the golden values when the planes are whole', () => {
    for (const { depth, values } of golden.depths) {
      const decoded = decode(wholePlanes(golden), depth);
      expectClose(decoded, values, 1e-6);
    }
  });

  test('merging plane by plane gives the golden packed words, scales and row scales', () => {
    const packed = new PackedTensor(shapeOf(golden));
    for (const { depth, packedHex, scaleHex, rowScales, values } of golden.depths) {
      packed.merge(plane(golden, depth));

      expect(new Uint8Array(packed.codes.buffer)).toEqual(hexBytes(packedHex));
      expect(packed.scaleBytes).toEqual(hexBytes(scaleHex));
      expectClose(packed.rowScales, rowScales, 1e-7);
      const { rows, cols } = golden;
      const unpacked = Float32Array.from({ length: rows * cols }, (_, i) => packed.value(Math.floor(i / cols), i % cols));
      expectClose(unpacked, values, 1e-6);
      expectClose(matvec(packed, Float32Array.from(golden.activations)), golden.matvec[depth]!, 1e-4);
    }
  });
});

/** Segments of a plane put together, as the definition of the codes sees it. */
function wholePlanes(golden: GoldenCase): PlanarTensor {
  const planes = golden.depths.map(({ depth }) => plane(golden, depth).reduce(join));
  const { rows, cols, anchor, shift } = golden;
  return { rows, cols, anchor, shift, planes };
}

function join(a: PlaneSegment, b: PlaneSegment): PlaneSegment {
  return {
    depth: a.depth,
    firstRow: a.firstRow,
    rowCount: a.rowCount + b.rowCount,
    rowScales: a.rowScales && Uint16Array.from([...a.rowScales, ...b.rowScales!]),
    gains: a.gains && Uint8Array.from([...a.gains, ...b.gains!]),
    scaleBytes: a.scaleBytes && Uint8Array.from([...a.scaleBytes, ...b.scaleBytes!]),
    codes: Uint32Array.from([...a.codes, ...b.codes]),
  };
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs), 1e-30);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!) / largest;
    if (!(error <= tolerance)) expect.fail(`[${i}] is ${actual[i]}, expected ${expected[i]}`);
  }
}

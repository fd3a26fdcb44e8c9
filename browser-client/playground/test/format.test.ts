import { describe, expect, it } from 'vitest';
import * as format from '../src/shared/format';

describe('format', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [16_900_000, '16.9 MB'],
    [201_326_592, '201 MB'],
    [5e15, '5,000 TB'],
  ])('bytes %s', (value, text) => expect(format.bytes(value)).toBe(text));

  it('claims 100 % only at the end', () => {
    expect(format.percent(0.999)).toBe('99 %');
    expect(format.percent(1)).toBe('100 %');
  });

  it.each([
    [8.44, '8.4 ms'],
    [84.2, '84 ms'],
    [2400, '2.4 s'],
    [61_000, '61 s'],
  ])('duration %s', (value, text) => expect(format.duration(value)).toBe(text));

  it.each([
    [-60_000, 'just now'],
    [12_000, '12 s ago'],
    [180_000, '3 min ago'],
    [7_200_000, '2 h ago'],
    [259_200_000, '3 d ago'],
  ])('%s ms ago', (age, text) => expect(format.ago(1e12 - age, 1e12)).toBe(text));

  it('does not make a date of nonsense', () => expect(format.ago('soon')).toBe('unknown'));
});

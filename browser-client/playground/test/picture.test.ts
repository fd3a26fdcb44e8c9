import { describe, expect, it } from 'vitest';
import { pictureOf, planeDepths, planeFloor } from '../src/playground/model/picture';
import { group, progress } from './progress';

describe('pictureOf', () => {
  it('orders columns as the model runs: embedding, layers by number, head', () => {
    const groups = ['head', 'layers.10.qk', 'layers.2.qk', 'embedding', 'layers.2.down'].map((name) => group(name));
    const { columns } = pictureOf(progress(groups));
    expect(columns.map((column) => column.label)).toEqual(['embed', '2', '10', 'head']);
    expect(columns[1]!.parts.map((part) => part.name)).toEqual(['qk', 'down']);
  });

  it('leaves float32 groups out of the columns', () => {
    const dense = group('dense', { stage: 'dense', depthPlanned: 32 });
    const { columns, topDepth } = pictureOf(progress([dense, group('layers.0.qk')]));
    expect(columns.map((column) => column.key)).toEqual(['layer 0']);
    expect(topDepth).toBe(4);
  });

  it('weighs a column’s parts by their weights', () => {
    const { columns } = pictureOf(
      progress([
        group('layers.0.qk', { weights: 3000, depthPresent: 2, depthPlanned: 4, bytesDone: 600 }),
        group('layers.0.v', { weights: 1000, depthPresent: 4, depthPlanned: 8, bytesDone: 100 }),
      ]),
    );
    const [column] = columns;
    expect(column!.parts.map((part) => part.share)).toEqual([0.75, 0.25]);
    expect(column!.depthPresent).toBeCloseTo(2.5);
    expect(column!.depthPlanned).toBeCloseTo(5);
    expect(column!.bytesDone).toBe(700);
  });

  it('counts received bytes as depth, never below what kernels read and never beyond the plan', () => {
    const received = (change: object) => pictureOf(progress([group('head', change)])).columns[0]!.parts[0]!.depthReceived;
    expect(received({ bytesDone: 500 })).toBe(2);
    expect(received({ bytesDone: 100, depthPresent: 2 })).toBe(2);
    expect(received({ bytesDone: 5000 })).toBe(4);
    expect(received({ bytesDone: 0, bytesTotal: 0 })).toBe(0);
  });

  it('reaches up to the deepest plan', () => {
    expect(pictureOf(progress([group('embedding', { depthPlanned: 6 }), group('layers.0.qk')])).topDepth).toBe(6);
    expect(pictureOf(progress([group('layers.0.qk', { depthPlanned: 2 })])).topDepth).toBe(4);
  });

  it('says what happens', () => {
    const sentence = (change: object) => pictureOf(progress([group('layers.0.qk')], change)).summary.sentence;
    expect(sentence({})).toMatch(/^Base planes first/);
    expect(sentence({ phase: 'ready' })).toMatch(/^Complete/);
    const refining = group('layers.0.qk', { stage: 'refinement', bytesDone: 700, depthPresent: 2, phase: 'partial' });
    expect(pictureOf(progress([refining])).summary.sentence).toMatch(/^Refinement planes/);
  });

  it('keeps the fraction within 0 and 1', () => {
    expect(pictureOf(progress([], { bytesDone: 0, bytesTotal: 0 })).summary.fraction).toBe(0);
    expect(pictureOf(progress([], { bytesDone: 1200, bytesTotal: 1000 })).summary.fraction).toBe(1);
  });
});

describe('planes', () => {
  it('start with two bits and grow by one', () => {
    expect(planeDepths(6)).toEqual([2, 3, 4, 5, 6]);
    expect([2, 3, 4].map(planeFloor)).toEqual([0, 2, 3]);
  });
});

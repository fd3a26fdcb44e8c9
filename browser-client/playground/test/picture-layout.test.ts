import { describe, expect, it } from 'vitest';
import { layOut, pieces } from '../src/playground/model/picture-layout';
import { pictureOf } from '../src/playground/model/picture';
import { group, progress } from './progress';

const part = (depthPresent: number, depthReceived: number, depthPlanned: number) => ({
  name: 'qk',
  share: 1,
  depthPresent,
  depthReceived,
  depthPlanned,
});

describe('pieces of a plane', () => {
  it('tells present from received from awaited', () => {
    expect(pieces(part(0, 1.5, 4), 2)).toEqual([
      { state: 'received', from: 0, to: 1.5 },
      { state: 'awaited', from: 1.5, to: 2 },
    ]);
    expect(pieces(part(2, 2.25, 4), 2)).toEqual([{ state: 'present', from: 0, to: 2 }]);
    expect(pieces(part(2, 2.25, 4), 3)).toEqual([
      { state: 'received', from: 2, to: 2.25 },
      { state: 'awaited', from: 2.25, to: 3 },
    ]);
  });

  it('draws nothing above the plan', () => {
    expect(pieces(part(4, 4, 4), 5)).toEqual([]);
  });

  it('fills each plane of the plan without gap or overlap, whatever has come', () => {
    for (let received = 0; received <= 6; received += 0.37) {
      for (const depth of [2, 3, 4, 5, 6]) {
        const cut = pieces(part(Math.floor(received), received, 6), depth);
        expect(cut[0]!.from).toBe(depth === 2 ? 0 : depth - 1);
        expect(cut.at(-1)!.to).toBe(depth);
        cut.slice(1).forEach((piece, index) => expect(piece.from).toBe(cut[index]!.to));
      }
    }
  });
});

describe('layOut', () => {
  const picture = (layers: number) =>
    pictureOf(
      progress([
        group('embedding', { depthPlanned: 6, depthPresent: 6, bytesDone: 1000 }),
        ...Array.from({ length: layers }, (_, layer) => [group(`layers.${layer}.qk`), group(`layers.${layer}.down`)]).flat(),
      ]),
    );

  it('keeps columns in order and inside the width', () => {
    const { columns } = layOut(picture(8), 700, 200);
    columns.slice(1).forEach((column, index) => {
      expect(column.x).toBeGreaterThanOrEqual(columns[index]!.x + columns[index]!.width);
    });
    expect(columns.at(-1)!.x + columns.at(-1)!.width).toBeLessThanOrEqual(700);
  });

  it('outlines what is cut away once a column', () => {
    const ghosts = layOut(picture(8), 700, 200).paths.filter((path) => path.state === 'ghost');
    expect(ghosts.map((path) => path.depth)).toEqual([5, 6]);
    for (const ghost of ghosts) expect(ghost.d.match(/M/g)).toHaveLength(8);
  });

  it('draws a model of a hundred layers in as few paths as a small one', () => {
    expect(layOut(picture(100), 300, 200).paths.length).toBeLessThanOrEqual(layOut(picture(8), 700, 200).paths.length);
  });

  it('drops names that would not fit', () => {
    expect(layOut(picture(8), 700, 200).columns.every((column) => column.showLabel)).toBe(true);
    const narrow = layOut(picture(60), 300, 200).columns.filter((column) => column.showLabel);
    expect(narrow.length).toBeLessThan(20);
  });
});

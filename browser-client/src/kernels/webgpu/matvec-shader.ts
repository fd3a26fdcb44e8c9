import type { LayoutWidth } from '../../codec/layout';
import { expand } from './template';

/** How activations meet weights: in float, or rounded to 8 or 16 bits and multiplied four at a time. */
export type Arithmetic = 'float' | 'packed8' | 'packed16';

/** How a decode kernel's work is cut. */
export interface MatvecShape {
  readonly arithmetic: Arithmetic;
  /** Threads that share rows; a multiple of the subgroup's size where subgroups are used. */
  readonly lanes: number;
  /** Runs of lanes in a workgroup. */
  readonly sets: number;
  /** Weight rows that a set takes at once: an activation is read once for all of them. */
  readonly rows: number;
  /** Times that a workgroup repeats this: what it prepares is prepared once. */
  readonly tiles: number;
  /** Groups of 32 weights that a lane takes in a row. */
  readonly span: number;
}

/** What a decode kernel is made for. */
export interface MatvecTask {
  readonly layout: LayoutWidth;
  readonly groups: number;
  readonly norm: boolean;
  readonly gated: boolean;
  readonly outputs: 1 | 2 | 3;
  readonly add: boolean;
}

const PACKED: Readonly<Record<Arithmetic, number>> = { float: 0, packed8: 1, packed16: 2 };
/** Largest whole number that activations are rounded to. */
const LARGEST: Readonly<Record<Arithmetic, number>> = { float: 0, packed8: 127, packed16: 127 * 256 };

/** Bytes of workgroup memory that a group of activations takes. */
const STAGED_GROUP_BYTES: Readonly<Record<Arithmetic, number>> = { float: 0, packed8: 32 + 8, packed16: 64 + 8 };

/** @param subgroup as in `matvecShader` */
export function workgroupBytes({ arithmetic, lanes, sets, rows }: MatvecShape, { groups }: MatvecTask, subgroup: number): number {
  const sums = (lanes * sets) / Math.max(1, subgroup);
  const partials = lanes > subgroup ? rows * sums : 0;
  return STAGED_GROUP_BYTES[arithmetic] * groups + 4 * (sums + partials);
}

/** Output rows of a workgroup. */
export function rowsOfWorkgroup({ rows, sets, tiles }: MatvecShape, { gated }: MatvecTask): number {
  return (gated ? rows / 2 : rows) * sets * tiles;
}

/**
 * The kernel's text.
 *
 * @param templates `reduce.wgsl` and `matvec.wgsl`
 * @param subgroup size of every subgroup; 0 where it is not known or not to be used
 */
export function matvecShader(templates: readonly string[], shape: MatvecShape, task: MatvecTask, subgroup: number): string {
  const { arithmetic, lanes, sets, rows, tiles } = shape;
  const { layout, groups } = task;
  const span = groups % shape.span === 0 ? shape.span : 1;
  // Threads that round a group together: as many as can exchange what they found.
  const parts = subgroup >= 8 ? 8 : subgroup === 4 ? 4 : 1;
  const constants = {
    LAYOUT: layout,
    GROUPS: groups,
    SPAN: span,
    RUNS: groups / span,
    ROWS: rows,
    OUT_ROWS: task.gated ? rows / 2 : rows,
    ROUNDS: Math.min(4, Math.ceil((groups * parts) / (lanes * sets))),
    LANES: lanes,
    SETS: sets,
    THREADS: lanes * sets,
    TILES: tiles,
    SUBGROUP: subgroup,
    SHARES: subgroup === 0 ? lanes : lanes / subgroup,
    PARTS: parts,
    EXCHANGES: Math.log2(parts),
    PACKED: PACKED[arithmetic],
    LARGEST: LARGEST[arithmetic],
    LEVELS: 2 ** layout,
    MANTISSA: (2 ** layout - 1) * 2 ** (23 - layout),
    NORM: Number(task.norm),
    GATED: Number(task.gated),
    OUTS: task.outputs,
    ADD: Number(task.add),
  };
  return templates.map((template) => expand(template, constants)).join('\n');
}

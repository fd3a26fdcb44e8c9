import { BASE_DEPTH } from '../codec/layout';
import { matrixBytes } from '../codec/packed-tensor';
import type { BundleManifest, TensorEntry } from '../transport/wire';
import { componentOf, type ComponentName } from './components';
import { shapeOf } from './weight-store';

/** Tensors that are refined together, and what each of their planes is worth. */
export interface PlaneGroup {
  readonly group: string;
  readonly tensors: readonly TensorEntry[];
  /** Depth without which the model does not begin to answer. */
  readonly least: number;
  readonly planned: number;
  /** Place of a plane in the order by quality gained for each byte, 0 to 1: the larger, the less is lost without it. */
  readonly rank: (depth: number) => number;
}

/** Depth by group. */
export type PlaneCut = ReadonlyMap<string, number>;

/** The groups of a component, named with it; frames stand in the order of quality gained for each byte (docs/wire.md). */
export function planeGroups({ tensors, frames }: BundleManifest, component: ComponentName): PlaneGroup[] {
  const groups = new Map<string, TensorEntry[]>();
  for (const tensor of tensors) {
    if (tensor.encoding === 'f32' || componentOf(tensor.name) !== component) continue;
    groups.set(tensor.group, [...(groups.get(tensor.group) ?? []), tensor]);
  }
  return [...groups].map(([group, own]) => {
    const segments = own.flatMap((tensor) => tensor.segments);
    const first = segments.filter(({ frame }) => frames[frame]!.stage !== 'refinement').map(({ depth }) => depth);
    const places = (depth: number) => segments.filter((segment) => segment.depth === depth).map(({ frame }) => frame);
    const rank = (depth: number) => Math.min(...places(depth)) / frames.length;
    const planned = Math.max(...own.map(({ bits }) => bits!));
    return { group, tensors: own, least: Math.min(planned, Math.max(BASE_DEPTH, ...first)), planned, rank };
  });
}

/** Everything that is planned. */
export function wholeCut(groups: readonly PlaneGroup[]): PlaneCut {
  return new Map(groups.map(({ group, planned }) => [group, planned]));
}

/** Only what the model needs to answer. */
export function leastCut(groups: readonly PlaneGroup[]): PlaneCut {
  return new Map(groups.map(({ group, least }) => [group, least]));
}

/** Bytes in kernels' memory of the quantized tensors at these depths. */
export function cutBytes(groups: readonly PlaneGroup[], cut: PlaneCut): number {
  return groups.reduce((sum, each) => sum + groupBytesAt(each, cut.get(each.group)!), 0);
}

/**
 * The cut of most quality within so many bytes: planes go in the reverse of the order in which they would be fetched.
 * Depths 5 to 8 take the same room, so from 8 bits the next step that gives memory back is 4; of all such steps the one
 * goes first whose most valuable plane is worth least. Null where even the least cut is too large.
 */
export function cutWithin(groups: readonly PlaneGroup[], bytes: number): PlaneCut | null {
  const cut = new Map(wholeCut(groups));
  let total = cutBytes(groups, cut);
  while (total > bytes) {
    let [step, rank] = [null as { each: PlaneGroup; depth: number } | null, -1];
    for (const each of groups) {
      const depth = nextSmaller(each, cut.get(each.group)!);
      if (depth === null || each.rank(depth + 1) <= rank) continue;
      [step, rank] = [{ each, depth }, each.rank(depth + 1)];
    }
    if (!step) return null;
    total -= groupBytesAt(step.each, cut.get(step.each.group)!) - groupBytesAt(step.each, step.depth);
    cut.set(step.each.group, step.depth);
  }
  return cut;
}

/** Greatest depth that takes less room; null where the model needs what it has. */
function nextSmaller(each: PlaneGroup, from: number): number | null {
  const bytes = groupBytesAt(each, from);
  for (let depth = from - 1; depth >= each.least; depth--) {
    if (groupBytesAt(each, depth) < bytes) return depth;
  }
  return null;
}

function groupBytesAt({ tensors }: PlaneGroup, depth: number): number {
  return tensors.reduce((sum, tensor) => sum + matrixBytes({ ...shapeOf(tensor), depth: Math.min(depth, tensor.bits!) }), 0);
}

/** Bytes of a component's float32 tensors. */
export function floatBytes({ tensors }: BundleManifest, component: ComponentName): number {
  const own = tensors.filter(({ name, encoding }) => encoding === 'f32' && componentOf(name) === component);
  return own.reduce((sum, { rows, cols }) => sum + rows * cols * 4, 0);
}

/** A component's tensors as deep as the cut has them. */
export function cutTensors({ tensors }: BundleManifest, component: ComponentName, cut: PlaneCut): TensorEntry[] {
  return tensors.filter(({ name }) => componentOf(name) === component).map((tensor) => {
    if (tensor.encoding === 'f32') return tensor;
    const bits = Math.min(tensor.bits!, cut.get(tensor.group)!);
    return { ...tensor, bits, segments: tensor.segments.filter(({ depth }) => depth <= bits) };
  });
}

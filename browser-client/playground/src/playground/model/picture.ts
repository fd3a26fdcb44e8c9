import type { GroupProgress, LoadProgress } from '../../../../src';

/**
 * What the picture shows: one column a layer (embedding and head have their own), one storey a plane. Depths are in
 * bits: the base plane spans 0..2, the refinement of depth d spans d-1..d.
 */
export interface Picture {
  readonly columns: readonly PictureColumn[];
  /** Depth of the highest storey drawn, in bits. */
  readonly topDepth: number;
  readonly summary: PictureSummary;
}

export interface PictureColumn {
  readonly key: string;
  /** Short name under the column: `embed`, `0`, `1` …, `head`. */
  readonly label: string;
  /** Name in sentences: `Layer 3`. */
  readonly name: string;
  readonly parts: readonly PicturePart[];
  /** Mean over the parts by weights, in bits. */
  readonly depthPresent: number;
  readonly depthPlanned: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

export interface PicturePart {
  readonly name: string;
  /** Part of the column's weights, 0..1. */
  readonly share: number;
  /** Depth that kernels read now. */
  readonly depthPresent: number;
  /** Depth whose bytes are here, merged or not; never below `depthPresent`. */
  readonly depthReceived: number;
  readonly depthPlanned: number;
}

export interface PictureSummary {
  readonly bitsPresent: number;
  readonly bitsPlanned: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  /** 0..1 of all bytes. */
  readonly fraction: number;
  readonly bytesPerSecond: number;
  readonly cacheHits: number;
  readonly sentence: string;
}

/** Depth of the base plane in bits; every further plane adds one. */
export const BASE_DEPTH = 2;

export function pictureOf(progress: LoadProgress): Picture {
  const quantized = progress.groups.filter((group) => group.stage !== 'dense' && group.part !== 'dense');
  const columns = columnKeys(quantized).map((key) => column(key, quantized.filter((group) => keyOf(group) === key)));
  const topDepth = Math.max(4, ...quantized.map((group) => group.depthPlanned));
  return { columns, topDepth, summary: summarize(progress) };
}

/** The planes up to `topDepth` as depths: 2, 3, 4 … */
export function planeDepths(topDepth: number): number[] {
  return Array.from({ length: Math.max(0, topDepth - BASE_DEPTH + 1) }, (_, index) => BASE_DEPTH + index);
}

/** Lowest bit of the plane with this depth. */
export function planeFloor(depth: number): number {
  return depth === BASE_DEPTH ? 0 : depth - 1;
}

function keyOf(group: GroupProgress): string {
  return group.layer === null ? group.group : `layer ${group.layer}`;
}

/** Execution order: embedding, layers by number, head; anything else keeps its place after the layers. */
function columnKeys(groups: readonly GroupProgress[]): string[] {
  const rank = (group: GroupProgress): number =>
    group.group === 'embedding' ? -1 : group.layer ?? (group.group === 'head' ? Infinity : Number.MAX_SAFE_INTEGER);
  return [...new Set([...groups].sort((a, b) => rank(a) - rank(b)).map(keyOf))];
}

function column(key: string, groups: readonly GroupProgress[]): PictureColumn {
  const first = groups[0]!;
  const weights = sum(groups, (group) => group.weights);
  const share = (group: GroupProgress): number => (weights > 0 ? group.weights / weights : 1 / groups.length);
  return {
    key,
    ...names(first),
    parts: groups.map((group) => part(group, share(group))),
    depthPresent: sum(groups, (group) => share(group) * group.depthPresent),
    depthPlanned: sum(groups, (group) => share(group) * group.depthPlanned),
    bytesDone: sum(groups, (group) => group.bytesDone),
    bytesTotal: sum(groups, (group) => group.bytesTotal),
  };
}

function names(group: GroupProgress): { label: string; name: string } {
  if (group.layer !== null) return { label: String(group.layer), name: `Layer ${group.layer}` };
  if (group.group === 'embedding') return { label: 'embed', name: 'Embedding' };
  if (group.group === 'head') return { label: 'head', name: 'Head' };
  return { label: group.part, name: group.part };
}

function part(group: GroupProgress, share: number): PicturePart {
  const fraction = group.bytesTotal > 0 ? clamp(group.bytesDone / group.bytesTotal) : 0;
  const received = Math.max(group.depthPresent, fraction * group.depthPlanned);
  return {
    name: group.part,
    share,
    depthPresent: group.depthPresent,
    depthReceived: Math.min(received, group.depthPlanned),
    depthPlanned: group.depthPlanned,
  };
}

function summarize(progress: LoadProgress): PictureSummary {
  const { bitsPresent, bitsPlanned, bytesDone, bytesTotal, bytesPerSecond, cacheHits } = progress;
  const fraction = bytesTotal > 0 ? clamp(bytesDone / bytesTotal) : 0;
  return { bitsPresent, bitsPlanned, bytesDone, bytesTotal, fraction, bytesPerSecond, cacheHits, sentence: sentence(progress) };
}

function sentence(progress: LoadProgress): string {
  switch (progress.phase) {
    case 'planning':
      return 'Choosing precision and backend for this browser.';
    case 'manifest':
      return 'Fetching the bundle’s signed manifest.';
    case 'kernels':
      return 'Compiling the kernels.';
    case 'downloading':
      return progress.groups.some((group) => group.stage === 'refinement' && group.bytesDone > 0 && group.phase !== 'complete')
        ? 'Refinement planes sharpen weights that are already usable.'
        : 'Base planes first: two bits of every weight.';
    case 'usable':
      return 'Every weight is usable; refinement goes on.';
    case 'ready':
      return 'Complete: every plane of the plan is here.';
  }
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

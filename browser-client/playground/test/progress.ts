import type { GroupProgress, LoadProgress } from '../../src';

/** A group of a load in progress, for tests to vary. */
export function group(name: string, change: Partial<GroupProgress> = {}): GroupProgress {
  const layer = /^layers\.(\d+)\.(.+)$/.exec(name);
  return {
    group: name,
    stage: 'base',
    layer: layer ? Number(layer[1]) : null,
    part: layer?.[2] ?? name,
    depthPresent: 0,
    depthPlanned: 4,
    bytesDone: 0,
    bytesTotal: 1000,
    weights: 1000,
    phase: 'waiting',
    ...change,
  };
}

export function progress(groups: readonly GroupProgress[], change: Partial<LoadProgress> = {}): LoadProgress {
  return {
    model: 'docs-29m',
    phase: 'downloading',
    bytesDone: 250,
    bytesTotal: 1000,
    framesDone: 1,
    framesTotal: 4,
    cacheHits: 0,
    bytesPerSecond: 500,
    bitsPresent: 1,
    bitsPlanned: 4,
    groups,
    elapsedMs: 500,
    ...change,
  };
}

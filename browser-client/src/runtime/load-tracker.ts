import type { GroupPhase, GroupProgress, LoadPhase, LoadProgress } from '../progress';
import type { BundleManifest, Frame, TensorEntry } from '../transport/wire';

/** Least time between two snapshots of the same phase. */
const INTERVAL_MS = 50;

type Stage = GroupProgress['stage'];

/** Knows how deep each tensor is now. */
export interface PresentDepths {
  depth(tensor: TensorEntry): number;
}

/** What is known of a group besides the present depth, which the store knows. */
interface GroupState {
  readonly group: string;
  readonly tensors: TensorEntry[];
  readonly bytesTotal: number;
  stage: Stage;
  bytesDone: number;
}

/** Follows a load and tells it in snapshots: as a whole, and group by group. */
export class LoadTracker {
  readonly #manifest: BundleManifest;
  readonly #store: PresentDepths;
  readonly #report: (progress: LoadProgress) => void;
  readonly #started: number;
  readonly #downloadStarted = performance.now();
  readonly #groups: Map<string, GroupState>;
  readonly #frameBytes: number[];
  #networkBytes = 0;
  #framesDone = 0;
  #cacheHits = 0;
  #damaged = 0;
  #phase: LoadPhase = 'downloading';
  #lastReport = 0;

  /** @param started when the load was asked for, by `performance.now()` */
  constructor(manifest: BundleManifest, store: PresentDepths, started: number, report: (progress: LoadProgress) => void) {
    this.#manifest = manifest;
    this.#store = store;
    this.#started = started;
    this.#report = report;
    this.#groups = groupStates(manifest);
    this.#frameBytes = manifest.frames.map(() => 0);
  }

  get cacheHits(): number {
    return this.#cacheHits;
  }

  /** Frames that came altered, over the network or from the browser's store, and were fetched again. */
  get damagedFrames(): number {
    return this.#damaged;
  }

  /** Bytes that came over the network. */
  get networkBytes(): number {
    return this.#networkBytes;
  }

  /** Mean present and planned depth over all quantized weights. */
  bits(): { present: number; planned: number } {
    let [weights, present, planned] = [0, 0, 0];
    for (const tensor of this.#manifest.tensors) {
      if (tensor.encoding === 'f32') continue;
      const size = tensor.rows * tensor.cols;
      weights += size;
      present += size * this.#store.depth(tensor);
      planned += size * (tensor.bits ?? 0);
    }
    return { present: present / weights, planned: planned / weights };
  }

  received(frame: number, bytes: number): void {
    this.#networkBytes += bytes;
    this.#frameBytes[frame] = Math.min(this.#manifest.frames[frame]!.bytes, this.#frameBytes[frame]! + bytes);
    const state = this.#groups.get(groupOf(this.#manifest.frames[frame]!) ?? '');
    if (state) state.stage = this.#manifest.frames[frame]!.stage as Stage;
    this.#snapshot(false);
  }

  damaged(): void {
    this.#damaged++;
  }

  /** Tells that depths have changed after the load. */
  changed(): void {
    this.#snapshot(false);
  }

  merged(frame: number, cached: boolean): void {
    this.#framesDone++;
    if (cached) this.#cacheHits++;
    this.#frameBytes[frame] = this.#manifest.frames[frame]!.bytes;
    this.#snapshot(false);
  }

  enter(phase: LoadPhase): void {
    this.#phase = phase;
    this.#snapshot(true);
  }

  #snapshot(now: boolean): void {
    const time = performance.now();
    if (!now && time - this.#lastReport < INTERVAL_MS) return;
    this.#lastReport = time;
    this.#report(this.#progress(time));
  }

  #progress(time: number): LoadProgress {
    const { present, planned } = this.bits();
    for (const state of this.#groups.values()) state.bytesDone = 0;
    this.#manifest.frames.forEach((frame, index) => {
      const state = this.#groups.get(groupOf(frame) ?? '');
      if (state) state.bytesDone += this.#frameBytes[index]!;
    });
    return {
      model: this.#manifest.model,
      phase: this.#phase,
      bytesDone: this.#frameBytes.reduce((sum, bytes) => sum + bytes, 0),
      bytesTotal: this.#manifest.frames.reduce((sum, { bytes }) => sum + bytes, 0),
      framesDone: this.#framesDone,
      framesTotal: this.#manifest.frames.length,
      cacheHits: this.#cacheHits,
      bytesPerSecond: (1000 * this.#networkBytes) / Math.max(1, time - this.#downloadStarted),
      bitsPresent: present,
      bitsPlanned: planned,
      groups: [...this.#groups.values()].map((state) => this.#group(state)),
      elapsedMs: time - this.#started,
    };
  }

  #group({ group, stage, tensors, bytesDone, bytesTotal }: GroupState): GroupProgress {
    const layered = /^layers\.(\d+)\.(.+)$/.exec(group);
    const depthPresent = Math.min(...tensors.map((tensor) => this.#store.depth(tensor)));
    const depthPlanned = Math.max(...tensors.map((tensor) => (tensor.encoding === 'f32' ? 32 : tensor.bits!)));
    return {
      group,
      stage,
      layer: layered ? Number(layered[1]) : null,
      part: layered ? layered[2]! : group,
      depthPresent,
      depthPlanned,
      bytesDone,
      bytesTotal,
      weights: tensors.reduce((sum, { rows, cols }) => sum + rows * cols, 0),
      phase: phaseOf(depthPresent, depthPlanned, bytesDone, bytesTotal),
    };
  }
}

function phaseOf(present: number, planned: number, done: number, total: number): GroupPhase {
  if (present >= planned) return 'complete';
  if (done >= total) return 'merging';
  if (done === 0) return 'waiting';
  return present > 0 ? 'partial' : 'downloading';
}

function groupOf(frame: Frame): string | null {
  return frame.stage === 'tokenizer' ? null : (frame.group ?? frame.stage);
}

/** Groups in execution order: dense, embedding, layers by number, head. */
function groupStates(manifest: BundleManifest): Map<string, GroupState> {
  const groups = new Map<string, GroupState>();
  for (const frame of manifest.frames) {
    const group = groupOf(frame);
    if (group === null || groups.has(group)) continue;
    const own = manifest.frames.filter((other) => groupOf(other) === group);
    const bytesTotal = own.reduce((sum, { bytes }) => sum + bytes, 0);
    const tensors = manifest.tensors.filter((tensor) => tensor.group === group);
    if (tensors.length === 0) continue;
    groups.set(group, { group, stage: frame.stage as Stage, tensors, bytesTotal, bytesDone: 0 });
  }
  const head = groups.get('head');
  if (head && groups.delete('head')) groups.set('head', head);
  return groups;
}

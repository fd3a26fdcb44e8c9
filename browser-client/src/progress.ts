import type { FrameStage } from './transport/wire';

/** Where a load stands as a whole. `usable`: the base planes are there, refinement goes on. */
export type LoadPhase = 'planning' | 'manifest' | 'kernels' | 'downloading' | 'usable' | 'ready';

/** Where one tensor group stands. `merging` is the moment between the last byte and a deeper packed tensor. */
export type GroupPhase = 'waiting' | 'downloading' | 'merging' | 'partial' | 'complete';

/** One cell of the picture that fills as planes arrive. */
export interface GroupProgress {
  /** `embedding`, `head`, `dense`, `layers.3.gate_up` … */
  readonly group: string;
  /** Stage of the frames being received, or of the last received. */
  readonly stage: Exclude<FrameStage, 'tokenizer'>;
  /** Layer number, null for groups outside the layers. */
  readonly layer: number | null;
  /** `qk`, `v`, `o`, `gate_up`, `down`; the group's own name outside the layers. */
  readonly part: string;
  /** Depth in bits that kernels read now: 0 before the base plane; dense groups go from 0 to 32. */
  readonly depthPresent: number;
  /** Depth in bits that the plan asks for. */
  readonly depthPlanned: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly weights: number;
  readonly phase: GroupPhase;
}

/** A snapshot of a load; each call of `onProgress` carries a whole new one. */
export interface LoadProgress {
  readonly model: string;
  readonly phase: LoadPhase;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly framesDone: number;
  readonly framesTotal: number;
  /** Frames taken from the browser's own store instead of the network. */
  readonly cacheHits: number;
  readonly bytesPerSecond: number;
  /** Mean present depth over all quantized weights, in bits. */
  readonly bitsPresent: number;
  /** Mean planned depth over all quantized weights, in bits. */
  readonly bitsPlanned: number;
  /** In execution order: dense, embedding, layers by number, head. */
  readonly groups: readonly GroupProgress[];
  readonly elapsedMs: number;
}

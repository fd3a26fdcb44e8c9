/**
 * What page and worker say to each other: two closed unions and nothing else.
 *
 *   page -> worker   `Request`: a verb with an `id` that every answer repeats.
 *   worker -> page   `Answer`: zero or more `progress` / `piece` / `state`, then one `done` or `failed` for that id;
 *                    `measured` events carry telemetry and belong to no request.
 *
 * `generate` is paced by the worker, not by the page: pieces arrive as they are made. `cancel` names the request to
 * stop; that request then ends with `failed` (`aborted`) or, for `generate`, with `done` and finish `aborted`.
 * `swap` without a component changes all of them. `budget` is for all models together.
 * Models live in the worker and are named by the integer `model` handle that `load` returned.
 */
import type { SerializedError } from '../errors';
import type { ComponentChoice, GenerateOptions, GenerationStats, ModelStats } from '../options';
import type { LoadProgress } from '../progress';
import type { KernelVariants } from '../kernels/variants';
import type { BackendChoice } from '../runtime/backend-choice';
import type { ComponentName } from '../runtime/components';
import type { CapabilityReport, Pin, Plan, ProfileRegistration } from '../transport/wire';

/** Generate options that can cross to the worker. */
export type GenerateSettings = Omit<GenerateOptions, 'signal'>;

export type Request =
  | { readonly verb: 'connect'; readonly id: number; readonly base: string; readonly manifestKeys: Readonly<Record<string, string>> | null }
  | { readonly verb: 'load'; readonly id: number; readonly modelId: string; readonly pin: Pin | null; readonly early: boolean; readonly priority: number }
  | { readonly verb: 'generate'; readonly id: number; readonly model: number; readonly prompt: string; readonly settings: GenerateSettings }
  | { readonly verb: 'answer'; readonly id: number; readonly model: number; readonly image: ImageBitmap; readonly question: string; readonly template: string; readonly settings: GenerateSettings }
  | { readonly verb: 'embed'; readonly id: number; readonly model: number; readonly texts: readonly string[] }
  | { readonly verb: 'budget'; readonly id: number; readonly bytes: number | null }
  | { readonly verb: 'swap'; readonly id: number; readonly model: number; readonly component: ComponentName | null; readonly wanted: ComponentChoice }
  | { readonly verb: 'steer'; readonly id: number; readonly model: number; readonly action: 'pause' | 'resume' | 'cancel' }
  | { readonly verb: 'unload'; readonly id: number; readonly model: number }
  | { readonly verb: 'cancel'; readonly id: number; readonly target: number };

export type Verb = Request['verb'];

/** What `done` carries for each verb. */
export interface Results {
  connect: { readonly report: CapabilityReport; readonly registration: ProfileRegistration };
  load: { readonly model: number; readonly plan: Plan; readonly stats: ModelStats };
  generate: { readonly generation: GenerationStats; readonly stats: ModelStats };
  answer: { readonly text: string; readonly generation: GenerationStats; readonly stats: ModelStats };
  embed: { readonly vectors: readonly Float32Array<ArrayBuffer>[] };
  budget: null;
  swap: { readonly plan: Plan; readonly stats: ModelStats };
  steer: { readonly stats: ModelStats };
  unload: null;
  cancel: null;
}

/** Measurements that the worker hands to the page's telemetry client, named as in `docs/wire.md`. */
export type Measurement =
  | {
      readonly type: 'load';
      readonly bytes: number;
      readonly downloadMs: number;
      readonly readyMs: number;
      readonly cacheHits: number;
      /** What was measured of both backends; null where one was given. */
      readonly speeds: BackendChoice['speeds'] | null;
      /** The ways to make products that were fastest on the GPU; null where none was tried. */
      readonly variants: KernelVariants | null;
      readonly replacedKernels: readonly string[];
    }
  | {
      readonly type: 'generation';
      readonly promptTokens: number;
      readonly reusedTokens: number;
      readonly tokens: number;
      readonly timeToFirstTokenMs: number;
      readonly prefillMsPerToken: number;
      readonly decodeMsPerToken: number | null;
      readonly cancelled: boolean;
    }
  | { readonly type: 'failure'; readonly code: string; readonly stage: FailureStage };

export type FailureStage = 'plan' | 'manifest' | 'kernels' | 'download' | 'generation';

/** What a measurement was made with; null where it failed before a plan was there. */
export interface MeasurementContext {
  readonly plan: string | null;
  readonly bundle: string | null;
  readonly model: string;
  readonly point: string | null;
  readonly backend: 'wasm' | 'webgpu' | null;
  /** Whether the caller fixed choices of the plan: such sessions do not vote on policies. */
  readonly pinned: boolean;
  readonly sampleRate: number;
}

export type Answer =
  | { readonly kind: 'done'; readonly id: number; readonly result: Results[Verb] }
  | { readonly kind: 'failed'; readonly id: number; readonly error: SerializedError }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: LoadProgress }
  | { readonly kind: 'piece'; readonly id: number; readonly text: string; readonly ids: readonly number[] }
  | { readonly kind: 'state'; readonly model: number; readonly plan: Plan; readonly stats: ModelStats; readonly complete: boolean; readonly error: SerializedError | null }
  | { readonly kind: 'measured'; readonly context: MeasurementContext; readonly measurement: Measurement };

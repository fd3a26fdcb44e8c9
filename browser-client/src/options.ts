import type { BackendChoice } from './runtime/backend-choice';
import type { ComponentName } from './runtime/components';
import type { LoadProgress } from './progress';
import type { Pin } from './transport/wire';

export interface ConnectOptions {
  /** Consent to send measurements (no text, no prompts). Default true. */
  readonly telemetry?: boolean;
  /** Trusted manifest keys, key id to raw Ed25519 public key in base64. When given, unsigned manifests are refused. */
  readonly manifestKeys?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface LoadOptions {
  readonly pin?: Pin;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Resolve as soon as the base planes are there and refine while generating. Default false: wait for full depth. */
  readonly early?: boolean;
  /** Where memory is short for several models, those of lower priority give planes back first. Default 0. */
  readonly priority?: number;
  readonly signal?: AbortSignal;
}

/** Which edition of a component is wanted. */
export interface ComponentChoice {
  /** As in `Pin`; as planned where nothing is said. */
  readonly bits?: number;
  /** Twelve digits, as `ModelStats.components` shows them; the published one where nothing is said. */
  readonly revision?: string;
}

export interface GenerateOptions {
  /** Token ids in place of the prompt; taken as they are, nothing is prepended. */
  readonly ids?: readonly number[];
  /** Each piece carries the ids it was made of. */
  readonly returnTokenIds?: boolean;
  /** Always take the likeliest token. */
  readonly greedy?: boolean;
  /** Go on after an end-of-text token. */
  readonly ignoreEos?: boolean;
  /** Default 256; never beyond the context. */
  readonly maxTokens?: number;
  /** Default 0.8; 0 means greedy. */
  readonly temperature?: number;
  /** Keep the smallest set of tokens whose probability reaches this. Default 0.95; 1 keeps all. */
  readonly topP?: number;
  /** Keep the k likeliest tokens. Default 40; 0 keeps all. */
  readonly topK?: number;
  /** Leave out tokens at the prompt's beginning that the model has just read or written. Default true. */
  readonly reuse?: boolean;
  /** Makes sampling repeatable. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

export interface AnswerOptions extends Omit<GenerateOptions, 'ids' | 'returnTokenIds'> {
  /** The prompt, with `<image>` where the picture and `{question}` where the question goes. */
  readonly template?: string;
}

/** A piece of generated text: whole characters only. */
export interface Piece {
  readonly text: string;
  readonly ids?: readonly number[];
}

/** Why a generation ended. */
export type FinishReason = 'end-of-text' | 'max-tokens' | 'context-full' | 'aborted';

/** Measurements of one generation; times in milliseconds. */
export interface GenerationStats {
  readonly promptTokens: number;
  /** Of the prompt's tokens, those whose keys and values were there from before. */
  readonly reusedTokens: number;
  readonly tokens: number;
  readonly timeToFirstTokenMs: number;
  /** Mean over the prompt's tokens that had to be read. */
  readonly prefillMsPerToken: number;
  /** Mean over the tokens after the first; null when there was only one. */
  readonly decodeMsPerToken: number | null;
  readonly tokensPerSecond: number | null;
  readonly finish: FinishReason;
}

/** A model's present state. */
export interface ModelStats {
  readonly backend: 'wasm' | 'webgpu';
  /** What was measured of both backends, where the plan left the choice between them to this device. */
  readonly choice: BackendChoice | null;
  /** Kernels that this device computes wrongly, so that plain ones run in their place. */
  readonly replacedKernels: readonly string[];
  /** Threads that work, and why there are no more. */
  readonly threads: { readonly count: number; readonly reason: string };
  readonly contextLength: number;
  /** Mean present depth over all quantized weights, in bits. */
  readonly bitsPresent: number;
  readonly bitsPlanned: number;
  readonly memory: { readonly weightBytes: number; readonly kvBytes: number; readonly workBytes: number; readonly totalBytes: number };
  /** Components that are in memory. */
  readonly components: readonly { readonly name: ComponentName; readonly point: string; readonly revision: string; readonly weightBytes: number }[];
  /** Whether loading is held up. */
  readonly paused: boolean;
  readonly load: {
    readonly bytes: number;
    readonly downloadMs: number;
    /** From the call of `load` until the model could answer. */
    readonly usableMs: number;
    readonly readyMs: number | null;
    readonly cacheHits: number;
    /** Frames whose bytes were altered, on their way or in the browser's store, and that were fetched again. */
    readonly damagedFrames: number;
  };
  /** The last finished generation. */
  readonly generation: GenerationStats | null;
}

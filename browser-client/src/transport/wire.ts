/** The documents that services and client exchange; `docs/wire.md` is the specification. */

export type BackendName = 'wasm' | 'webgpu';
export type EngineFamily = 'chromium' | 'firefox' | 'webkit' | 'other';

export interface WebGpuReport {
  readonly vendor: string;
  readonly architecture: string;
  readonly fallbackAdapter: boolean;
  readonly features: readonly string[];
  readonly wgslFeatures: readonly string[];
  readonly limits: {
    readonly maxBufferSize: number;
    readonly maxStorageBufferBindingSize: number;
    readonly maxComputeWorkgroupStorageSize: number;
    readonly maxComputeInvocationsPerWorkgroup: number;
    readonly maxStorageBuffersPerShaderStage: number;
  };
  /** Smallest subgroup of the adapter; null where the adapter does not say. */
  readonly subgroupSize: number | null;
}

/** What a browser measured about itself: the body of `POST /v1/profiles`. */
export interface CapabilityReport {
  readonly schema: 'facet-report/1';
  readonly engine: { readonly family: EngineFamily; readonly mobile: boolean };
  readonly webgpu: WebGpuReport | null;
  readonly wasm: {
    readonly simd: boolean;
    readonly relaxedSimd: boolean;
    readonly threads: boolean;
    readonly memory64: boolean;
    /** Why threads are missing, in one sentence; null when they are there. */
    readonly threadsReason: string | null;
  };
  readonly webnn: { readonly available: boolean };
  readonly crossOriginIsolated: boolean;
  readonly memory: {
    readonly deviceMemoryGiB: number | null;
    readonly storageQuotaBytes: number | null;
    readonly storagePersisted: boolean;
  };
  readonly cpu: { readonly cores: number };
  /** Backends of this client that can keep keys and values in codes. */
  readonly codedCaches: readonly BackendName[];
  readonly connection: { readonly downlinkMbps: number | null; readonly saveData: boolean };
  readonly probeMs: number;
}

export interface ProfileRegistration {
  readonly profile: string;
  readonly deviceClass: string;
  readonly description: string;
  readonly session: string;
  readonly sessionExpiresAt: string;
}

/** Choices that a caller fixes instead of leaving them to the planner. */
export interface Pin {
  readonly bits?: number;
  readonly backend?: BackendName;
  readonly maxContext?: number;
  /** Keys and values: `f32`, `q8`, `q4`, `q3` or `q2`, or two of the latter with a comma between. */
  readonly kv?: string;
  /** Memory to stay within, where the device would allow more. */
  readonly memoryBytes?: number;
}

export interface Quality {
  readonly perplexity: number;
  readonly baselinePerplexity?: number;
  readonly meanKl: number;
  readonly p99Kl?: number;
  readonly maxKl?: number | null;
  readonly top1Agreement: number;
}

export interface PlanReason {
  readonly choice: string;
  readonly value: string | number;
  readonly because: string;
  readonly runnerUp?: string | number | null;
}

export interface Plan {
  readonly plan: string;
  readonly profile: string;
  readonly model: string;
  readonly deviceClass: string;
  readonly backend: BackendName;
  readonly threads: number;
  readonly point: {
    readonly id: string;
    readonly ladder: string;
    readonly bodyBits: number;
    readonly bitsPerWeight: number;
    readonly bytes: number;
    readonly quality: Quality | null;
  };
  readonly contextLength: number;
  /** `f32`, or codes of two to eight bits; then the last `window` tokens at least stay as they are. */
  readonly kv: { readonly keys: string; readonly values: string; readonly window?: number };
  readonly memory: {
    readonly budgetBytes: number;
    readonly weightBytes: number;
    readonly kvBytes: number;
    readonly workBytes: number;
    readonly totalBytes: number;
  };
  readonly bundle: string;
  readonly telemetry: { readonly sampleRate: number };
  readonly reasons: readonly PlanReason[];
}

export interface Llama3RopeScaling {
  readonly type: 'llama3';
  readonly factor: number;
  readonly lowFreqFactor: number;
  readonly highFreqFactor: number;
  readonly originalContextLength: number;
}

/** All frequencies are slowed by `factor`. */
export interface LinearRopeScaling {
  readonly type: 'linear';
  readonly factor: number;
}

/** Each frequency is slowed by a factor of its own; contexts beyond the original one have other factors. */
export interface LongRopeScaling {
  readonly type: 'longrope';
  readonly originalContextLength: number;
  readonly shortFactors: readonly number[];
  readonly longFactors: readonly number[];
  /** Turned elements are multiplied by it. */
  readonly amplitude: number;
}

export type RopeScaling = Llama3RopeScaling | LinearRopeScaling | LongRopeScaling;

/** What a gate goes through before it is multiplied in; `gelu-tanh` is the usual approximation by tanh. */
export type Activation = 'silu' | 'gelu-tanh';

export type LinearLayer = 'query' | 'key' | 'value' | 'output' | 'gate' | 'up' | 'down';

/** What sets a decoder apart from a plain Llama decoder. */
export interface DecoderTraits {
  readonly activation: Activation;
  /** Linear layers that add a bias. */
  readonly biases: readonly LinearLayer[];
  /** Queries and keys are normed head by head before they are turned. */
  readonly qkNorm: boolean;
  /** Results of attention and feed-forward are normed before they are added to the residual stream. */
  readonly postNorms: boolean;
  /** Tokens that a token of each layer sees, itself included; 0 for all. Empty where no layer has a window. */
  readonly windows: readonly number[];
  /** Rotary base of the layers with a window, unstretched; null where all layers turn alike. */
  readonly windowRopeTheta: number | null;
  /** Elements of a head that turn, a half of them at the start of each of the head's halves; null for all. */
  readonly rotaryDims: number | null;
  /** Scores are held within plus and minus this, by tanh. */
  readonly attentionSoftcap: number | null;
  /** The same for logits. */
  readonly finalSoftcap: number | null;
}

export type EncoderActivation = 'gelu' | 'gelu-tanh' | 'quick-gelu';

/** A transformer in which every position sees every other, with layer norms and biases throughout. */
export interface EncoderShape {
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly intermediateSize: number;
  readonly activation: EncoderActivation;
  /** Norms come before attention and feed-forward, not after each has been added. */
  readonly normFirst: boolean;
  readonly normEps: number;
}

/** A model that turns a text to one vector. */
export interface TextEncoderConfig {
  readonly shape: EncoderShape;
  readonly pooling: 'mean' | 'first';
  readonly normalized: boolean;
  /** Texts are cut to so many tokens, special ones included. */
  readonly maxTokens: number;
}

/** What turns a picture to vectors that a decoder takes in the place of tokens. */
export interface VisionConfig {
  readonly shape: EncoderShape;
  /** Of the square picture, in pixels. */
  readonly imageSize: number;
  readonly patchSize: number;
  /** Taken off each colour, which is 0 to 1; then it is divided by the deviation. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly projectorActivation: EncoderActivation;
  /** The token whose places the vectors take. */
  readonly imageTokenId: number;
}

export interface ModelConfig {
  readonly architecture: string;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly intermediateSize: number;
  readonly vocabSize: number;
  readonly contextLength: number;
  readonly ropeTheta: number;
  readonly ropeScaling: RopeScaling | null;
  readonly rmsNormEps: number;
  readonly tiedEmbeddings: boolean;
  readonly bosTokenId: number | null;
  readonly eosTokenIds: readonly number[];
  /** Absent for a plain Llama decoder. */
  readonly traits?: DecoderTraits;
  /** There for a text encoder, which has no decoder. */
  readonly embedding?: TextEncoderConfig | null;
  /** There for a decoder that is given pictures. */
  readonly vision?: VisionConfig | null;
}

export type FrameStage = 'tokenizer' | 'dense' | 'embedding' | 'head' | 'base' | 'refinement';

export interface Frame {
  readonly sha256: string;
  readonly bytes: number;
  readonly stage: FrameStage;
  readonly group?: string;
  readonly depth?: number;
}

export interface Segment {
  readonly depth: number;
  readonly frame: number;
  readonly offset: number;
  readonly bytes: number;
  readonly firstRow: number;
  readonly rowCount: number;
}

export interface TensorEntry {
  readonly name: string;
  readonly group: string;
  readonly rows: number;
  readonly cols: number;
  readonly encoding: 'embedded' | 'f32';
  readonly anchor?: number;
  readonly shift?: number;
  /** Depth that the plan wants of this tensor. */
  readonly bits?: number;
  readonly segments: readonly Segment[];
}

export interface KernelEntry {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface BundleManifest {
  readonly format: 'facet-bundle/1';
  readonly id: string;
  readonly model: string;
  readonly revision: string;
  readonly point: string;
  readonly ladder: string;
  readonly bodyBits: number;
  readonly bitsPerWeight: number;
  readonly bytes: number;
  readonly config: ModelConfig;
  readonly tokenizer: { readonly frame: number; readonly sha256: string; readonly bytes: number };
  readonly runtime: {
    readonly backend: BackendName;
    readonly kernelRevision: string;
    readonly kernels: readonly KernelEntry[];
  };
  readonly frames: readonly Frame[];
  readonly tensors: readonly TensorEntry[];
}

export interface ModelPoint {
  readonly id: string;
  readonly ladder: string;
  readonly bodyBits: number;
  readonly bitsPerWeight: number;
  readonly bytes: number;
  readonly quality: Quality | null;
  /** `degraded` where the loss of quality shows. */
  readonly label?: 'degraded' | null;
}

/** One entry of `GET /v1/models`. */
export interface ModelSummary {
  readonly id: string;
  readonly revision: string | null;
  readonly state: 'importing' | 'published' | 'failed';
  /** What is published; null before. */
  readonly edition?: { readonly name: 'rounded' | 'calibrated'; readonly revision: string } | null;
  /** Whether a better edition is being made. */
  readonly improving?: boolean;
  readonly architecture: string | null;
  readonly parameters: number | null;
  readonly contextLength: number | null;
  readonly progress: { readonly done: number; readonly total: number; readonly secondsLeft?: number | null } | null;
  readonly problem: { readonly title?: string; readonly detail?: string } | null;
  readonly points: readonly ModelPoint[];
  readonly importedAt: string | null;
  readonly publishedAt: string | null;
}

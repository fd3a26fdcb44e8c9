import { PICKED, type AttentionSpan, type Floats, type KernelBackend, type KvCache, type Matrix, type TokenSampling } from '../kernels/backend';
import type { KvPrecision } from '../kernels/kv-format';
import type { DecoderTraits, LinearLayer, ModelConfig } from '../transport/wire';
import { spanOf, traitsOf } from './decoder-traits';
import { HeldTokens } from './held-tokens';
import { ropeAmplitude, ropeTable, rotaryFrequencies, windowFrequencies } from './rope';

/** The weights of one decoder layer; norms and biases are there as the model's description asks for them. */
export interface LayerWeights {
  readonly attentionNorm: Floats;
  readonly query: Matrix;
  readonly key: Matrix;
  readonly value: Matrix;
  readonly queryNorm?: Floats;
  readonly keyNorm?: Floats;
  readonly output: Matrix;
  readonly attentionPostNorm?: Floats;
  readonly feedForwardNorm: Floats;
  readonly gate: Matrix;
  readonly up: Matrix;
  readonly down: Matrix;
  readonly feedForwardPostNorm?: Floats;
  readonly biases?: Readonly<Partial<Record<LinearLayer, Floats>>>;
}

export interface LlamaWeights {
  readonly embedding: Matrix;
  /** The embedding itself where the checkpoint ties them. */
  readonly head: Matrix;
  readonly norm: Floats;
  readonly layers: readonly LayerWeights[];
}

/**
 * A decoder (pre-norm, rotary positions, grouped keys, gated feed-forward, and what its description adds to that) over any
 * backend. It holds activations and the cache; which depth the weights have is the backend's business and may change between two steps.
 */
export class LlamaDecoder {
  readonly capacity: number;
  readonly #backend: KernelBackend;
  readonly #config: ModelConfig;
  readonly #weights: LlamaWeights;
  readonly #cache: KvCache;
  readonly #traits: DecoderTraits;
  /** By layer. */
  readonly #spans: readonly AttentionSpan[];
  readonly #rotation: Floats;
  readonly #windowRotation: Floats;
  readonly #activations: Activations;
  readonly #matrices: readonly Matrix[];
  readonly #held = new HeldTokens();
  /** Depths of all matrices together that what is held was made with. */
  #heldDepth = 0;
  #picture: { readonly vectors: Float32Array; next: number } | null = null;

  /**
   * @param capacity context length in tokens
   * @param precision how keys and values are kept; float32 when null
   */
  constructor(
    backend: KernelBackend, config: ModelConfig, weights: LlamaWeights, capacity: number, precision: KvPrecision | null = null,
  ) {
    this.#backend = backend;
    this.#config = config;
    this.#weights = weights;
    this.capacity = capacity;
    const { layers, kvHeads, headDim } = config;
    this.#cache = backend.cache({ layers, kvHeads, headDim, capacity, precision });
    this.#traits = traitsOf(config);
    this.#spans = Array.from({ length: layers }, (_, layer) => spanOf(this.#traits, layer));
    const amplitude = ropeAmplitude(config);
    this.#rotation = backend.rotation(ropeTable(rotaryFrequencies(config, capacity), capacity, amplitude));
    this.#windowRotation = this.#traits.windowRopeTheta
      ? backend.rotation(ropeTable(windowFrequencies(config), capacity))
      : this.#rotation;
    this.#activations = reserveActivations(backend, config);
    this.#matrices = [weights.embedding, ...weights.layers.flatMap(matricesOf)];
  }

  /**
   * Runs tokens that stand at `position` and after. With `predict` the logits of the last are formed.
   *
   * @param tokens at most `maxStep` of the backend, or the one picked last where the backend looks ahead
   */
  step(tokens: readonly number[] | typeof PICKED, position: number, predict: boolean): void {
    const { hidden, normed, logits } = this.#activations;
    this.#forgetShallower();
    this.#held.cut(position);
    this.#backend.begin(tokens, position);
    this.#backend.embed(this.#weights.embedding, hidden);
    if (this.#picture && tokens !== PICKED) this.#place(tokens, this.#picture);
    this.#weights.layers.forEach((layer, index) => this.#layer(layer, index));
    if (predict) {
      this.#backend.norm(hidden, this.#weights.norm, normed, this.#config.rmsNormEps, 'last');
      this.#backend.multiply(normed, [{ matrix: this.#weights.head, out: logits }], 'last', false);
      if (this.#traits.finalSoftcap) this.#backend.softcap(logits, this.#traits.finalSoftcap);
    }
    this.#backend.end();
    this.#held.add(position, tokens === PICKED ? [null] : tokens.map((token) => (this.#isPlace(token) ? null : token)));
  }

  /**
   * How many of a sequence's first tokens the cache holds, so that `step` may begin behind them; never all, since the last
   * has to be run for what follows it. None where they were made with fewer planes than there are now, or where a cache in
   * codes has lost what going on from there would need.
   */
  resume(sequence: readonly number[]): number {
    this.#forgetShallower();
    const shared = Math.min(this.#held.shared(sequence), sequence.length - 1);
    return this.#cache.canResume(shared, this.#held.end) ? shared : 0;
  }

  /** Says which token the device picked for `position`. */
  name(position: number, token: number): void {
    this.#held.name(position, token);
  }

  /** Makes the next sequence begin at its first token. */
  forget(): void {
    this.#held.cut(0);
  }

  /** Vectors of a picture, for the next tokens that stand for one; null to take such tokens as they are. */
  show(vectors: Float32Array | null): void {
    this.#picture = vectors && { vectors, next: 0 };
  }

  /** Steps that may be run before the first one's token has been read. */
  get lookahead(): number {
    return this.#backend.lookahead ?? 0;
  }

  /** The likeliest next token after the last predicting step, -1 when a logit is no finite number. */
  likeliest(): Promise<number> {
    return this.#backend.likeliest(this.#activations.logits, this.#config.vocabSize);
  }

  /** Whether the backend draws tokens, not only the likeliest. */
  get canSample(): boolean {
    return this.#backend.sample !== undefined;
  }

  /** A next token drawn by the backend, which must be one that can; -1 as above. */
  sample(sampling: TokenSampling): Promise<number> {
    return this.#backend.sample!(this.#activations.logits, this.#config.vocabSize, sampling);
  }

  /** Least milliseconds that reading a token takes. */
  get roundTripMs(): number {
    return this.#backend.roundTripMs ?? 0;
  }

  logits(): Promise<Float32Array> {
    return this.#backend.read(this.#activations.logits, this.#config.vocabSize);
  }

  #forgetShallower(): void {
    const depth = this.#matrices.reduce((sum, matrix) => sum + matrix.depth, 0);
    if (depth !== this.#heldDepth) this.forget();
    this.#heldDepth = depth;
  }

  /** Whether the token keeps a place for a part of a picture. */
  #isPlace(token: number): boolean {
    return token === this.#config.vision?.imageTokenId;
  }

  #place(tokens: readonly number[], picture: { readonly vectors: Float32Array; next: number }): void {
    const { hiddenSize } = this.#config;
    tokens.forEach((token, row) => {
      if (!this.#isPlace(token)) return;
      const vector = picture.vectors.subarray(picture.next * hiddenSize, (picture.next + 1) * hiddenSize);
      this.#backend.encoders!.write(this.#activations.hidden, vector, row);
      picture.next++;
    });
  }

  #layer(layer: LayerWeights, index: number): void {
    const backend = this.#backend;
    const { hidden, normed, query, key, value, mixed, gate, up } = this.#activations;
    const epsilon = this.#config.rmsNormEps;
    const span = this.#spans[index]!;

    backend.norm(hidden, layer.attentionNorm, normed, epsilon, 'all');
    this.#project(layer, normed, { query, key, value });
    if (layer.queryNorm) backend.normHeads(query, layer.queryNorm, epsilon);
    if (layer.keyNorm) backend.normHeads(key, layer.keyNorm, epsilon);
    const rotation = span.window === Infinity ? this.#rotation : this.#windowRotation;
    backend.rotateAndStore(query, key, value, rotation, this.#cache, index);
    backend.attend(query, this.#cache, index, mixed, span);
    this.#addToHidden(layer, 'output', mixed, layer.attentionPostNorm);

    backend.norm(hidden, layer.feedForwardNorm, normed, epsilon, 'all');
    this.#project(layer, normed, { gate, up });
    backend.gate(gate, up, this.#traits.activation);
    this.#addToHidden(layer, 'down', gate, layer.feedForwardPostNorm);
  }

  /** The products of linear layers that read the same, and their biases. */
  #project(layer: LayerWeights, x: Floats, outs: Readonly<Partial<Record<LinearLayer, Floats>>>): void {
    const parts = Object.entries(outs) as [LinearLayer, Floats][];
    this.#backend.multiply(x, parts.map(([part, out]) => ({ matrix: layer[part], out })), 'all', false);
    for (const [part, out] of parts) this.#addBias(layer, part, out);
  }

  #addBias({ biases }: LayerWeights, part: LinearLayer, out: Floats): void {
    const bias = biases?.[part];
    if (bias) this.#backend.addVector(out, bias);
  }

  /** Adds what a linear layer gives to the residual stream, normed first where the model has a norm there. */
  #addToHidden(layer: LayerWeights, part: 'output' | 'down', x: Floats, norm: Floats | undefined): void {
    const { hidden, normed, projected } = this.#activations;
    const out = norm ? projected : hidden;
    this.#backend.multiply(x, [{ matrix: layer[part], out }], 'all', !norm);
    this.#addBias(layer, part, out);
    if (!norm) return;
    this.#backend.norm(projected, norm, normed, this.#config.rmsNormEps, 'all');
    this.#backend.add(hidden, normed);
  }
}

function matricesOf({ query, key, value, output, gate, up, down }: LayerWeights): Matrix[] {
  return [query, key, value, output, gate, up, down];
}

interface Activations {
  readonly hidden: Floats;
  readonly normed: Floats;
  readonly query: Floats;
  readonly key: Floats;
  readonly value: Floats;
  readonly mixed: Floats;
  /** What attention or feed-forward gives, before it is normed. */
  readonly projected: Floats;
  readonly gate: Floats;
  readonly up: Floats;
  readonly logits: Floats;
}

function reserveActivations(backend: KernelBackend, config: ModelConfig): Activations {
  const attentionWidth = config.heads * config.headDim;
  const keyWidth = config.kvHeads * config.headDim;
  const transient = (label: string, width: number) => backend.activations(label, width, backend.maxStep, true);
  return {
    hidden: backend.activations('hidden', config.hiddenSize),
    normed: transient('normed', config.hiddenSize),
    query: transient('query', attentionWidth),
    key: transient('key', keyWidth),
    value: transient('value', keyWidth),
    mixed: transient('mixed', attentionWidth),
    projected: transient('projected', traitsOf(config).postNorms ? config.hiddenSize : 1),
    gate: transient('gate', config.intermediateSize),
    up: transient('up', config.intermediateSize),
    logits: backend.activations('logits', config.vocabSize, 1),
  };
}

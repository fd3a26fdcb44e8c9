import type { Floats, KernelBackend, KvCache, Matrix, PICKED } from '../kernels/backend';
import type { ModelConfig } from '../transport/wire';
import { ropeTable, rotaryFrequencies } from './rope';

/** The weights of one decoder layer. */
export interface LayerWeights {
  readonly attentionNorm: Floats;
  readonly query: Matrix;
  readonly key: Matrix;
  readonly value: Matrix;
  readonly output: Matrix;
  readonly feedForwardNorm: Floats;
  readonly gate: Matrix;
  readonly up: Matrix;
  readonly down: Matrix;
}

export interface LlamaWeights {
  readonly embedding: Matrix;
  /** The embedding itself where the checkpoint ties them. */
  readonly head: Matrix;
  readonly norm: Floats;
  readonly layers: readonly LayerWeights[];
}

/**
 * A Llama decoder (pre-norm, rotary positions, grouped keys, gated feed-forward) over any backend. It holds activations
 * and the cache; which depth the weights have is the backend's business and may change between two steps.
 */
export class LlamaDecoder {
  readonly capacity: number;
  readonly #backend: KernelBackend;
  readonly #config: ModelConfig;
  readonly #weights: LlamaWeights;
  readonly #cache: KvCache;
  readonly #rotation: Floats;
  readonly #activations: Activations;

  /** @param capacity context length in tokens */
  constructor(backend: KernelBackend, config: ModelConfig, weights: LlamaWeights, capacity: number) {
    this.#backend = backend;
    this.#config = config;
    this.#weights = weights;
    this.capacity = capacity;
    const { layers, kvHeads, headDim } = config;
    this.#cache = backend.cache({ layers, kvHeads, headDim, capacity });
    this.#rotation = backend.rotation(ropeTable(rotaryFrequencies(config), capacity));
    this.#activations = reserveActivations(backend, config);
  }

  /**
   * Runs tokens that stand at `position` and after. With `predict` the logits of the last are formed.
   *
   * @param tokens at most `maxStep` of the backend, or the one picked last where the backend looks ahead
   */
  step(tokens: readonly number[] | typeof PICKED, position: number, predict: boolean): void {
    const { hidden, normed, logits } = this.#activations;
    this.#backend.begin(tokens, position);
    this.#backend.embed(this.#weights.embedding, hidden);
    this.#weights.layers.forEach((layer, index) => this.#layer(layer, index));
    if (predict) {
      this.#backend.norm(hidden, this.#weights.norm, normed, this.#config.rmsNormEps, 'last');
      this.#backend.multiply(normed, [{ matrix: this.#weights.head, out: logits }], 'last', false);
    }
    this.#backend.end();
  }

  /** Steps that may be run before the first one's token has been read. */
  get lookahead(): number {
    return this.#backend.lookahead ?? 0;
  }

  /** The likeliest next token after the last predicting step, -1 when the logits hold no number. */
  likeliest(): Promise<number> {
    return this.#backend.likeliest(this.#activations.logits, this.#config.vocabSize);
  }

  logits(): Promise<Float32Array> {
    return this.#backend.read(this.#activations.logits, this.#config.vocabSize);
  }

  #layer(layer: LayerWeights, index: number): void {
    const backend = this.#backend;
    const { hidden, normed, query, key, value, mixed, gate, up } = this.#activations;
    const epsilon = this.#config.rmsNormEps;

    backend.norm(hidden, layer.attentionNorm, normed, epsilon, 'all');
    const attended = [
      { matrix: layer.query, out: query },
      { matrix: layer.key, out: key },
      { matrix: layer.value, out: value },
    ];
    backend.multiply(normed, attended, 'all', false);
    backend.rotateAndStore(query, key, value, this.#rotation, this.#cache, index);
    backend.attend(query, this.#cache, index, mixed);
    backend.multiply(mixed, [{ matrix: layer.output, out: hidden }], 'all', true);

    backend.norm(hidden, layer.feedForwardNorm, normed, epsilon, 'all');
    const gated = [
      { matrix: layer.gate, out: gate },
      { matrix: layer.up, out: up },
    ];
    backend.multiply(normed, gated, 'all', false);
    backend.gate(gate, up);
    backend.multiply(gate, [{ matrix: layer.down, out: hidden }], 'all', true);
  }
}

interface Activations {
  readonly hidden: Floats;
  readonly normed: Floats;
  readonly query: Floats;
  readonly key: Floats;
  readonly value: Floats;
  readonly mixed: Floats;
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
    gate: transient('gate', config.intermediateSize),
    up: transient('up', config.intermediateSize),
    logits: backend.activations('logits', config.vocabSize, 1),
  };
}

import type { Floats, KernelBackend, Matrix } from '../kernels/backend';
import type { ModelConfig, TextEncoderConfig } from '../transport/wire';
import { Encoder, requireFinite, type Norm } from './encoder';
import { encoderLayers, normOf, TEXT_ENCODER } from './encoder-weights';
import type { WeightStore } from './weight-store';

/** Turns texts, as token ids, to vectors. */
export class TextEmbedder {
  readonly #backend: KernelBackend;
  readonly #config: TextEncoderConfig;
  readonly #encoder: Encoder;
  readonly #embedding: Matrix;
  readonly #segment: Floats;
  readonly #norm: Norm;
  /** By step. */
  readonly #positions: readonly Floats[];

  private constructor(backend: KernelBackend, config: TextEncoderConfig, store: WeightStore, positions: readonly Floats[]) {
    this.#backend = backend;
    this.#config = config;
    this.#encoder = new Encoder(backend, config.shape, encoderLayers(store, TEXT_ENCODER.component, config.shape), config.maxTokens);
    this.#embedding = store.matrix(TEXT_ENCODER.embedding);
    this.#segment = store.constants(TEXT_ENCODER.segment);
    this.#norm = normOf(store, TEXT_ENCODER.norm);
    this.#positions = positions;
  }

  /**
   * @param store with all of the encoder's tensors
   * @throws FacetError `no-backend` where the backend has no kernels for encoders
   */
  static async create(backend: KernelBackend, { embedding }: ModelConfig, store: WeightStore): Promise<TextEmbedder> {
    const { shape: { hiddenSize }, maxTokens } = embedding!;
    const rows = await backend.read(store.constants(TEXT_ENCODER.positions), maxTokens * hiddenSize);
    const positions: Floats[] = [];
    for (let start = 0; start < maxTokens; start += backend.maxStep) {
      const count = Math.min(backend.maxStep, maxTokens - start);
      positions.push(backend.upload('positions', rows.subarray(start * hiddenSize, (start + count) * hiddenSize), count));
    }
    return new TextEmbedder(backend, embedding!, store, positions);
  }

  /** Most tokens of a text; later ones are left out. */
  get capacity(): number {
    return this.#config.maxTokens;
  }

  /**
   * @param ids special tokens included
   * @throws FacetError `numeric-failure`, `device-lost`
   */
  async embed(ids: readonly number[]): Promise<Float32Array<ArrayBuffer>> {
    const kept = ids.slice(0, this.#config.maxTokens);
    const chunks = this.#encoder.chunks(kept.length);
    chunks.forEach(({ start, count, hidden }, i) => {
      this.#backend.begin(kept.slice(start, start + count), start);
      this.#backend.embed(this.#embedding, hidden);
      this.#backend.add(hidden, this.#positions[i]!);
      this.#backend.addVector(hidden, this.#segment);
      this.#encoder.norm(hidden, this.#norm);
      this.#backend.end();
    });
    this.#encoder.run(chunks);
    const vector = requireFinite(this.#pooled(await this.#encoder.read(chunks)));
    return this.#config.normalized ? normalized(vector) : vector;
  }

  #pooled(rows: Float32Array): Float32Array<ArrayBuffer> {
    const { shape: { hiddenSize }, pooling } = this.#config;
    if (pooling === 'first') return new Float32Array(rows.subarray(0, hiddenSize));
    const mean = new Float32Array(hiddenSize);
    rows.forEach((value, i) => (mean[i % hiddenSize]! += (value * hiddenSize) / rows.length));
    return mean;
  }
}

function normalized(vector: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / length);
}

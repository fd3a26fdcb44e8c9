import type { EncoderOperations, Floats, KernelBackend, Matrix } from '../kernels/backend';
import { FacetError } from '../errors';
import type { ModelConfig, VisionConfig } from '../transport/wire';
import { Encoder, requireFinite, type Affine, type Norm } from './encoder';
import { affineOf, encoderLayers, normOf, PROJECTOR, VISION } from './encoder-weights';
import type { WeightStore } from './weight-store';

const COLOURS = 3;

/** A picture as a model takes it: `size` x `size` pixels, row by row, red, green, blue, 0 to 1. */
export interface Picture {
  readonly size: number;
  readonly rgb: Float32Array;
}

/** Turns pictures to vectors that a decoder takes in the place of tokens. */
export class PictureEncoder {
  readonly #backend: KernelBackend;
  readonly #operations: EncoderOperations;
  readonly #config: VisionConfig;
  readonly #width: number;
  readonly #encoder: Encoder;
  readonly #patches: Matrix;
  readonly #norm: Norm;
  readonly #projector: readonly [Affine, Affine];
  readonly #pixels: Floats;
  readonly #projected: readonly [Floats, Floats];
  /** What stands before the patches, and the positions of all. */
  readonly #leading: Float32Array;
  readonly #positions: Float32Array;

  private constructor(
    backend: KernelBackend, config: VisionConfig, width: number, store: WeightStore, leading: Float32Array, positions: Float32Array,
  ) {
    if (!backend.encoders) throw new FacetError('no-backend', `The ${backend.name} kernels do not run encoders.`);
    const { shape, patchSize } = config;
    this.#backend = backend;
    this.#operations = backend.encoders;
    this.#config = config;
    this.#width = width;
    this.#encoder = new Encoder(backend, shape, encoderLayers(store, VISION.component, shape), patchesOf(config) + 1);
    this.#patches = store.matrix(VISION.patches);
    this.#norm = normOf(store, VISION.norm);
    this.#projector = [affineOf(store, PROJECTOR.first), affineOf(store, PROJECTOR.second)];
    this.#pixels = backend.activations('pixels', COLOURS * patchSize ** 2);
    this.#projected = [backend.activations('projected', width), backend.activations('features', width)];
    this.#leading = leading;
    this.#positions = positions;
  }

  /** @throws FacetError `no-backend` where the backend has no kernels for encoders */
  static async create(backend: KernelBackend, { vision, hiddenSize }: ModelConfig, store: WeightStore): Promise<PictureEncoder> {
    const { shape } = vision!;
    const leading = await backend.read(store.constants(VISION.leading), shape.hiddenSize);
    const positions = await backend.read(store.constants(VISION.positions), (patchesOf(vision!) + 1) * shape.hiddenSize);
    return new PictureEncoder(backend, vision!, hiddenSize, store, leading, positions);
  }

  /**
   * @returns a vector of the decoder's width for each patch, row by row
   * @throws FacetError `invalid-argument` for a picture of another size, `numeric-failure`, `device-lost`
   */
  async encode(picture: Picture): Promise<Float32Array> {
    const { imageSize, shape: { hiddenSize } } = this.#config;
    if (picture.size !== imageSize || picture.rgb.length !== COLOURS * imageSize ** 2) {
      throw new FacetError('invalid-argument', `This model looks at pictures of ${imageSize} x ${imageSize} pixels.`);
    }
    const rows = await this.#embedded(patchRows(picture, this.#config));
    const chunks = this.#encoder.chunks(rows.length / hiddenSize);
    for (const chunk of chunks) {
      this.#encoder.step(chunk, () => {
        this.#operations.write(chunk.hidden, rows.subarray(chunk.start * hiddenSize, (chunk.start + chunk.count) * hiddenSize));
        this.#encoder.norm(chunk.hidden, this.#norm);
      });
    }
    this.#encoder.run(chunks);
    const features: Float32Array[] = [];
    for (const chunk of chunks) {
      this.#encoder.step(chunk, () => this.#project(chunk.hidden));
      features.push(await this.#backend.read(this.#projected[1], chunk.count * this.#width));
    }
    // The leading vector is for the encoder alone.
    return requireFinite(concatenated(features)).subarray(this.#width);
  }

  /** The patches' vectors after the leading one, with their positions. */
  async #embedded(pixels: Float32Array): Promise<Float32Array> {
    const { shape: { hiddenSize }, patchSize } = this.#config;
    const values = COLOURS * patchSize ** 2;
    const rows = Float32Array.from(this.#positions);
    this.#leading.forEach((value, i) => (rows[i]! += value));
    for (const chunk of this.#encoder.chunks(pixels.length / values)) {
      const { start, count, hidden } = chunk;
      this.#encoder.step(chunk, () => {
        this.#operations.write(this.#pixels, pixels.subarray(start * values, (start + count) * values));
        this.#backend.multiply(this.#pixels, [{ matrix: this.#patches, out: hidden }], 'all', false);
      });
      const embedded = await this.#backend.read(hidden, count * hiddenSize);
      embedded.forEach((value, i) => (rows[(start + 1) * hiddenSize + i]! += value));
    }
    return rows;
  }

  #project(hidden: Floats): void {
    const [first, second] = this.#projector;
    const [inner, out] = this.#projected;
    this.#backend.multiply(hidden, [{ matrix: first.matrix, out: inner }], 'all', false);
    this.#backend.addVector(inner, first.bias);
    this.#operations.activate(inner, this.#config.projectorActivation);
    this.#backend.multiply(inner, [{ matrix: second.matrix, out }], 'all', false);
    this.#backend.addVector(out, second.bias);
  }
}

/** Vectors of a picture. */
export function patchesOf({ imageSize, patchSize }: VisionConfig): number {
  return (imageSize / patchSize) ** 2;
}

/** The patches' values, normalised: colour by colour, each colour row by row. */
function patchRows({ rgb, size }: Picture, { patchSize, mean, deviation }: VisionConfig): Float32Array {
  const across = size / patchSize;
  const plane = patchSize ** 2;
  const rows = new Float32Array(rgb.length);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const patch = Math.floor(y / patchSize) * across + Math.floor(x / patchSize);
      const at = patch * COLOURS * plane + (y % patchSize) * patchSize + (x % patchSize);
      for (let c = 0; c < COLOURS; c++) {
        rows[at + c * plane] = (rgb[(y * size + x) * COLOURS + c]! - mean[c]!) / deviation[c]!;
      }
    }
  }
  return rows;
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

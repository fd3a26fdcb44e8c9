import type { EncoderOperations, Floats, KernelBackend, Matrix } from '../kernels/backend';
import { FacetError } from '../errors';
import type { EncoderActivation, ModelConfig, VisionConfig } from '../transport/wire';
import { Encoder, requireFinite, type Affine, type Norm } from './encoder';
import { affineOf, encoderLayers, normOf, PROJECTOR, VISION } from './encoder-weights';
import type { WeightStore } from './weight-store';

const COLOURS = 3;

/** A picture as a model takes it: `size` x `size` pixels, row by row, red, green, blue, 0 to 1. */
export interface Picture {
  readonly size: number;
  readonly rgb: Float32Array;
}

/** Turns pictures to a vector for each patch. */
export class VisionTower {
  readonly #backend: KernelBackend;
  readonly #operations: EncoderOperations;
  readonly #config: VisionConfig;
  readonly #encoder: Encoder;
  readonly #patches: Matrix;
  readonly #norm: Norm;
  readonly #pixels: Floats;
  /** What stands before the patches, and the positions of all. */
  readonly #leading: Float32Array;
  readonly #positions: Float32Array;

  private constructor(backend: KernelBackend, config: VisionConfig, store: WeightStore, leading: Float32Array, positions: Float32Array) {
    const { shape, patchSize } = config;
    this.#backend = backend;
    this.#operations = encodersOf(backend);
    this.#config = config;
    this.#encoder = new Encoder(backend, shape, encoderLayers(store, VISION.component, shape), patchesOf(config) + 1);
    this.#patches = store.matrix(VISION.patches);
    this.#norm = normOf(store, VISION.norm);
    this.#pixels = backend.activations('pixels', COLOURS * patchSize ** 2);
    this.#leading = leading;
    this.#positions = positions;
  }

  /** @throws FacetError `no-backend` where the backend has no kernels for encoders */
  static async create(backend: KernelBackend, { vision }: ModelConfig, store: WeightStore): Promise<VisionTower> {
    const { shape } = vision!;
    const leading = await backend.read(store.constants(VISION.leading), shape.hiddenSize);
    const positions = await backend.read(store.constants(VISION.positions), (patchesOf(vision!) + 1) * shape.hiddenSize);
    return new VisionTower(backend, vision!, store, leading, positions);
  }

  /** Side of its pictures, in pixels. */
  get pictureSize(): number {
    return this.#config.imageSize;
  }

  /**
   * @returns a vector for each patch, row by row, as wide as the tower
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
    // The leading vector is for the encoder alone.
    return requireFinite(await this.#encoder.read(chunks)).subarray(hiddenSize);
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
}

/** Turns a tower's vectors to those that a decoder takes in the place of tokens. */
export class PictureProjector {
  readonly #backend: KernelBackend;
  readonly #operations: EncoderOperations;
  readonly #activation: EncoderActivation;
  readonly #layers: readonly [Affine, Affine];
  readonly #widths: { readonly tower: number; readonly decoder: number };
  readonly #rows: Floats;
  readonly #projected: readonly [Floats, Floats];

  /** @throws FacetError `no-backend` where the backend has no kernels for encoders */
  constructor(backend: KernelBackend, { vision, hiddenSize }: ModelConfig, store: WeightStore) {
    this.#backend = backend;
    this.#operations = encodersOf(backend);
    this.#activation = vision!.projectorActivation;
    this.#layers = [affineOf(store, PROJECTOR.first), affineOf(store, PROJECTOR.second)];
    this.#widths = { tower: vision!.shape.hiddenSize, decoder: hiddenSize };
    this.#rows = backend.activations('rows', this.#widths.tower);
    this.#projected = [backend.activations('projected', hiddenSize), backend.activations('features', hiddenSize)];
  }

  /**
   * @param rows as `VisionTower.encode` gives them
   * @returns as many vectors, as wide as the decoder
   * @throws FacetError `numeric-failure`, `device-lost`
   */
  async project(rows: Float32Array): Promise<Float32Array> {
    const { tower, decoder } = this.#widths;
    const count = rows.length / tower;
    const features = new Float32Array(count * decoder);
    const { maxStep } = this.#backend;
    for (let start = 0; start < count; start += maxStep) {
      const taken = Math.min(maxStep, count - start);
      this.#backend.begin(new Array<number>(taken).fill(0), start);
      this.#operations.write(this.#rows, rows.subarray(start * tower, (start + taken) * tower));
      this.#step();
      this.#backend.end();
      features.set(await this.#backend.read(this.#projected[1], taken * decoder), start * decoder);
    }
    return requireFinite(features);
  }

  #step(): void {
    const [first, second] = this.#layers;
    const [inner, out] = this.#projected;
    this.#backend.multiply(this.#rows, [{ matrix: first.matrix, out: inner }], 'all', false);
    this.#backend.addVector(inner, first.bias);
    this.#operations.activate(inner, this.#activation);
    this.#backend.multiply(inner, [{ matrix: second.matrix, out }], 'all', false);
    this.#backend.addVector(out, second.bias);
  }
}

function encodersOf(backend: KernelBackend): EncoderOperations {
  if (backend.encoders) return backend.encoders;
  throw new FacetError('no-backend', `The ${backend.name} kernels do not run encoders.`);
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

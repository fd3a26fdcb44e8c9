import { BASE_DEPTH } from '../codec/layout';
import type { MatrixShape } from '../codec/packed-tensor';
import { readSegment, type PlaneSegment } from '../codec/segment';
import { FacetError } from '../errors';
import type { Floats, KernelBackend, Matrix } from '../kernels/backend';
import type { VerifiedFrame } from '../transport/frame-reader';
import type { BundleManifest, Segment, TensorEntry } from '../transport/wire';

/** Where a segment belongs. */
interface Placement {
  readonly tensor: TensorEntry;
  readonly segment: Segment;
}

/**
 * Puts frames in a backend's memory as they arrive. A plane is merged once all its segments are there, so a tensor has
 * one depth throughout; until then segments wait as views of their frames.
 */
export class WeightStore {
  readonly #backend: KernelBackend;
  readonly #stack: (name: string) => readonly string[];
  readonly #tensors: ReadonlyMap<string, TensorEntry>;
  readonly #placements: Placement[][];
  readonly #matrices = new Map<string, Matrix>();
  readonly #constants = new Map<string, Floats>();
  /** Segments that have arrived of planes that are not whole, by tensor and depth. */
  readonly #waiting = new Map<string, PlaneSegment[]>();

  /** @param stack names of the tensors that meet the same activations as the named one, itself among them */
  constructor(backend: KernelBackend, manifest: BundleManifest, stack: (name: string) => readonly string[] = (name) => [name]) {
    this.#backend = backend;
    this.#stack = stack;
    this.#tensors = new Map(manifest.tensors.map((tensor) => [tensor.name, tensor]));
    this.#placements = manifest.frames.map(() => []);
    for (const tensor of manifest.tensors) {
      for (const segment of tensor.segments) this.#placements[segment.frame]!.push({ tensor, segment });
    }
  }

  /** Merges what the frame completes. */
  accept(frame: VerifiedFrame): void {
    for (const { tensor, segment } of this.#placements[frame.index]!) {
      const bytes = frame.payload.subarray(segment.offset, segment.offset + segment.bytes);
      if (tensor.encoding === 'f32') this.#acceptConstants(tensor, segment, bytes);
      else this.#acceptPlane(tensor, segment, bytes);
    }
  }

  /** Present depth of a tensor: 0 while there is none, 32 for whole float tensors. */
  depth(tensor: TensorEntry): number {
    if (tensor.encoding === 'f32') return this.#constants.has(tensor.name) ? 32 : 0;
    return this.#matrices.get(tensor.name)?.depth ?? 0;
  }

  /** @throws FacetError `manifest-invalid` when the bundle has no such tensor */
  matrix(name: string): Matrix {
    return present(this.#matrices.get(name), name);
  }

  constants(name: string): Floats {
    return present(this.#constants.get(name), name);
  }

  #acceptPlane(tensor: TensorEntry, segment: Segment, bytes: Uint8Array): void {
    const { depth, firstRow, rowCount } = segment;
    const key = `${tensor.name}@${depth}`;
    const waiting = this.#waiting.get(key) ?? [];
    waiting.push(readSegment(bytes, { depth, firstRow, rowCount, anchor: tensor.anchor!, cols: tensor.cols }));
    this.#waiting.set(key, waiting);
    if (waiting.length < tensor.segments.filter((other) => other.depth === depth).length) return;
    this.#waiting.delete(key);
    this.#backend.merge(this.#matrixOf(tensor), waiting);
  }

  #matrixOf(tensor: TensorEntry): Matrix {
    if (!this.#matrices.has(tensor.name)) this.#reserve(this.#stackOf(tensor));
    return this.#matrices.get(tensor.name)!;
  }

  #reserve(tensors: readonly TensorEntry[]): void {
    const shapes = tensors.map(shapeOf);
    const matrices = this.#backend.stack?.(shapes) ?? shapes.map((shape) => this.#backend.matrix(shape));
    tensors.forEach(({ name }, i) => this.#matrices.set(name, matrices[i]!));
  }

  #stackOf(tensor: TensorEntry): readonly TensorEntry[] {
    return this.#stack(tensor.name).map((name) => present(this.#tensors.get(name), name));
  }

  #acceptConstants(tensor: TensorEntry, segment: Segment, bytes: Uint8Array): void {
    if (tensor.segments.length > 1 || segment.bytes < tensor.rows * tensor.cols * 4) {
      throw new FacetError('manifest-invalid', `Float tensor ${tensor.name} is not in one whole segment.`);
    }
    const values = new Float32Array(bytes.buffer, bytes.byteOffset, tensor.rows * tensor.cols);
    this.#constants.set(tensor.name, this.#backend.constants(values));
  }
}

/** What a quantized tensor will hold once every planned plane is there. */
export function shapeOf({ name, rows, cols, anchor, shift, bits }: TensorEntry): MatrixShape {
  return { name, rows, cols, anchor: anchor!, shift: shift!, depth: bits ?? BASE_DEPTH };
}

function present<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new FacetError('manifest-invalid', `The bundle has no tensor ${name}.`);
  return value;
}

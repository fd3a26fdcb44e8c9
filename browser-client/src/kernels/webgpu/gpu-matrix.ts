import { BASE_DEPTH, groupBytes, groupsOf, layoutOf, type LayoutWidth } from '../../codec/layout';
import type { MatrixShape } from '../../codec/packed-tensor';
import { fromBfloat16, gainOf, type PlaneSegment } from '../../codec/segment';
import { FacetError } from '../../errors';
import type { Matrix } from '../backend';
import { floatBits, type GpuContext } from './gpu-context';
import type { MergeKernel } from './merge';

/** A run of a tensor's rows that one binding can see. */
export interface MatrixPart {
  readonly firstRow: number;
  readonly rowCount: number;
  readonly info: GPUBuffer;
  readonly scaleBytes: GPUBuffer;
  readonly rowScales: GPUBuffer;
  codes: GPUBuffer;
}

/** A packed tensor on the device, cut by rows into as many parts as the binding limit asks for. */
export class GpuMatrix implements Matrix {
  readonly shape: MatrixShape;
  readonly groups: number;
  readonly parts: readonly MatrixPart[];
  readonly #context: GpuContext;
  readonly #storedScales: Uint16Array;
  depth = 0;

  constructor(context: GpuContext, shape: MatrixShape) {
    this.#context = context;
    this.shape = shape;
    this.groups = groupsOf(shape.cols);
    this.#storedScales = new Uint16Array(shape.rows);
    this.parts = this.#cut();
  }

  get layout(): LayoutWidth {
    return layoutOf(this.depth);
  }

  merge(segments: readonly PlaneSegment[], kernel: MergeKernel): void {
    const depth = segments[0]!.depth;
    if (depth !== (this.depth === 0 ? BASE_DEPTH : this.depth + 1) || depth > this.shape.depth) {
      throw new FacetError('manifest-invalid', `Plane ${depth} of ${this.shape.name} came after depth ${this.depth}.`);
    }
    if (depth === BASE_DEPTH) this.#storeBase(segments);
    else for (const part of this.parts) this.#deepen(part, segments, depth, kernel);
    this.depth = depth;
    this.#storeScales(segments);
  }

  #cut(): MatrixPart[] {
    const rowBytes = this.groups * groupBytes(layoutOf(this.shape.depth));
    const rowsAtMost = Math.max(1, Math.floor(this.#context.largestBinding / rowBytes));
    const parts: MatrixPart[] = [];
    for (let firstRow = 0; firstRow < this.shape.rows; firstRow += rowsAtMost) {
      parts.push(this.#part(firstRow, Math.min(rowsAtMost, this.shape.rows - firstRow)));
    }
    return parts;
  }

  #part(firstRow: number, rowCount: number): MatrixPart {
    const label = `${this.shape.name}[${firstRow}]`;
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    return {
      firstRow,
      rowCount,
      info: this.#context.buffer(`${label}.info`, 32, usage),
      scaleBytes: this.#context.storage(`${label}.scaleBytes`, rowCount * this.groups),
      rowScales: this.#context.storage(`${label}.rowScales`, rowCount * 4),
      codes: this.#context.storage(`${label}.codes`, rowCount * this.groups * 8),
    };
  }

  #storeBase(segments: readonly PlaneSegment[]): void {
    const { queue } = this.#context.device;
    for (const segment of segments) this.#storedScales.set(segment.rowScales!, segment.firstRow);
    for (const part of this.parts) {
      const bytes = new Uint8Array(Math.ceil((part.rowCount * this.groups) / 4) * 4);
      for (const { segment, from, at, rows } of overlaps(part, segments)) {
        bytes.set(segment.scaleBytes!.subarray(from * this.groups, (from + rows) * this.groups), at * this.groups);
        const codes = segment.codes.subarray(from * this.groups * 2, (from + rows) * this.groups * 2);
        queue.writeBuffer(part.codes, at * this.groups * 8, codes as Uint32Array<ArrayBuffer>);
      }
      queue.writeBuffer(part.scaleBytes, 0, bytes);
    }
  }

  #deepen(part: MatrixPart, segments: readonly PlaneSegment[], depth: number, kernel: MergeKernel): void {
    const bytes = part.rowCount * this.groups * groupBytes(layoutOf(depth));
    const deeper = this.#context.storage(`${this.shape.name}[${part.firstRow}].codes@${depth}`, bytes);
    for (const { segment, from, at, rows } of overlaps(part, segments)) {
      const words = segment.codes.subarray(from * this.groups, (from + rows) * this.groups);
      kernel.merge(part.codes, words as Uint32Array<ArrayBuffer>, deeper, at * this.groups, depth);
    }
    this.#context.release(part.codes);
    part.codes = deeper;
  }

  #storeScales(segments: readonly PlaneSegment[]): void {
    const { queue } = this.#context.device;
    for (const part of this.parts) {
      const scales = new Float32Array(part.rowCount);
      for (const { segment, from, at, rows } of overlaps(part, segments)) {
        for (let row = 0; row < rows; row++) {
          const stored = fromBfloat16(this.#storedScales[part.firstRow + at + row]!);
          scales[at + row] = stored * gainOf(segment.gains, from + row);
        }
      }
      queue.writeBuffer(part.rowScales, 0, scales);
      const words = [part.rowCount, this.groups, part.firstRow, floatBits(2 ** -this.depth), floatBits(this.shape.shift)];
      queue.writeBuffer(part.info, 0, Uint32Array.from(words));
    }
  }
}

/** The rows that a part shares with each segment: `from` in the segment, `at` in the part. */
function overlaps(part: MatrixPart, segments: readonly PlaneSegment[]) {
  return segments.flatMap((segment) => {
    const first = Math.max(part.firstRow, segment.firstRow);
    const end = Math.min(part.firstRow + part.rowCount, segment.firstRow + segment.rowCount);
    if (end <= first) return [];
    return [{ segment, from: first - segment.firstRow, at: first - part.firstRow, rows: end - first }];
  });
}

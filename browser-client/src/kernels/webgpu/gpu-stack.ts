import { BASE_DEPTH, groupBytes, groupsOf, layoutOf, type LayoutWidth } from '../../codec/layout';
import type { MatrixShape } from '../../codec/packed-tensor';
import { fromBfloat16, gainOf, type PlaneSegment } from '../../codec/segment';
import { FacetError } from '../../errors';
import type { Matrix } from '../backend';
import { floatBits, type GpuContext } from './gpu-context';
import type { MergeKernel } from './merge';

/** A run of a stack's rows that one binding can see. */
export interface StackPart {
  readonly firstRow: number;
  readonly rowCount: number;
  readonly scaleBytes: GPUBuffer;
  readonly rowScales: GPUBuffer;
  codes: GPUBuffer;
}

/** A packed tensor on the device: rows of a stack. */
export class GpuMatrix implements Matrix {
  readonly shape: MatrixShape;
  readonly stack: GpuStack;
  /** Where its rows start in the stack. */
  readonly firstRow: number;

  constructor(stack: GpuStack, shape: MatrixShape, firstRow: number) {
    this.stack = stack;
    this.shape = shape;
    this.firstRow = firstRow;
  }

  get depth(): number {
    return this.stack.depth;
  }

  /** What the plain kernels know of the rows of this tensor that a part holds: see `matrix.wgsl`. */
  info(context: GpuContext, part: StackPart): GPUBuffer {
    const rows = Math.min(this.shape.rows, part.rowCount);
    const cell = floatBits(2 ** -this.depth);
    const words = [rows, this.stack.groups, part.firstRow, cell, floatBits(this.shape.shift), this.firstRow, this.shape.cols];
    return context.uniform('GpuMatrix.info', words);
  }
}

/**
 * Tensors that meet the same activations, one after the other in one packed tensor, so that one dispatch multiplies them
 * all; most stacks are of one. A stack has one depth: it deepens once a plane is there for all its tensors. A stack of
 * one is cut by rows into as many parts as the binding limit asks for; longer ones have to fit.
 */
export class GpuStack {
  readonly matrices: readonly GpuMatrix[];
  readonly rows: number;
  readonly groups: number;
  readonly parts: readonly StackPart[];
  readonly #context: GpuContext;
  readonly #storedScales: Uint16Array;
  /** Planes that came for some of the tensors, by depth. */
  readonly #waiting = new Map<number, Map<GpuMatrix, PlaneSegment[]>>();
  depth = 0;

  constructor(context: GpuContext, shapes: readonly MatrixShape[]) {
    this.#context = context;
    let rows = 0;
    this.matrices = shapes.map((shape) => {
      rows += shape.rows;
      return new GpuMatrix(this, shape, rows - shape.rows);
    });
    this.rows = rows;
    this.groups = groupsOf(shapes[0]!.cols);
    this.#storedScales = new Uint16Array(rows);
    this.parts = this.#cut(shapes[0]!.depth);
  }

  /** Whether tensors can be one stack under a binding limit. */
  static fits(shapes: readonly MatrixShape[], largestBinding: number): boolean {
    const [{ cols, depth }] = shapes as [MatrixShape];
    const rows = shapes.reduce((sum, shape) => sum + shape.rows, 0);
    const alike = shapes.every((shape) => shape.cols === cols && shape.depth === depth);
    return alike && rows * groupsOf(cols) * groupBytes(layoutOf(depth)) <= largestBinding;
  }

  get layout(): LayoutWidth {
    return layoutOf(this.depth);
  }

  /** Takes a tensor's next plane; whether the stack became deeper. */
  merge(matrix: GpuMatrix, segments: readonly PlaneSegment[], kernel: MergeKernel): boolean {
    const { depth } = segments[0]!;
    const due = this.depth === 0 ? BASE_DEPTH : this.depth + 1;
    const waiting = this.#waiting.get(depth) ?? new Map<GpuMatrix, PlaneSegment[]>();
    if (depth < due || depth > matrix.shape.depth || waiting.has(matrix) || (this.matrices.length === 1 && depth > due)) {
      throw new FacetError('manifest-invalid', `Plane ${depth} of ${matrix.shape.name} came after depth ${this.depth}.`);
    }
    const shifted = segments.map((segment) => ({ ...segment, firstRow: segment.firstRow + matrix.firstRow }));
    this.#waiting.set(depth, waiting.set(matrix, shifted));
    return this.#mergeWhole(due, kernel);
  }

  #mergeWhole(depth: number, kernel: MergeKernel): boolean {
    const waiting = this.#waiting.get(depth);
    if (!waiting || waiting.size < this.matrices.length) return false;
    this.#waiting.delete(depth);
    const segments = [...waiting.values()].flat();
    if (depth === BASE_DEPTH) this.#storeBase(segments);
    else for (const part of this.parts) this.#deepen(part, segments, depth, kernel);
    this.depth = depth;
    this.#storeScales(segments);
    this.#mergeWhole(depth + 1, kernel);
    return true;
  }

  #cut(depth: number): StackPart[] {
    const rowBytes = this.groups * groupBytes(layoutOf(depth));
    const rowsAtMost = Math.max(1, Math.floor(this.#context.traits.largestBinding / rowBytes));
    const parts: StackPart[] = [];
    for (let firstRow = 0; firstRow < this.rows; firstRow += rowsAtMost) {
      parts.push(this.#part(firstRow, Math.min(rowsAtMost, this.rows - firstRow)));
    }
    return parts;
  }

  #part(firstRow: number, rowCount: number): StackPart {
    const label = `${this.#name}[${firstRow}]`;
    return {
      firstRow,
      rowCount,
      scaleBytes: this.#context.storage(`${label}.scaleBytes`, rowCount * this.groups),
      rowScales: this.#context.storage(`${label}.rowScales`, rowCount * 4),
      codes: this.#context.storage(`${label}.codes`, rowCount * this.groups * 8),
    };
  }

  get #name(): string {
    return this.matrices.map(({ shape }) => shape.name).join('+');
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

  #deepen(part: StackPart, segments: readonly PlaneSegment[], depth: number, kernel: MergeKernel): void {
    const bytes = part.rowCount * this.groups * groupBytes(layoutOf(depth));
    const deeper = this.#context.storage(`${this.#name}[${part.firstRow}].codes@${depth}`, bytes);
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
    }
  }
}

/** The rows that a part shares with each segment: `from` in the segment, `at` in the part. */
function overlaps(part: StackPart, segments: readonly PlaneSegment[]) {
  return segments.flatMap((segment) => {
    const first = Math.max(part.firstRow, segment.firstRow);
    const end = Math.min(part.firstRow + part.rowCount, segment.firstRow + segment.rowCount);
    if (end <= first) return [];
    return [{ segment, from: first - segment.firstRow, at: first - part.firstRow, rows: end - first }];
  });
}

import type { LayoutWidth } from '../../codec/layout';
import type { Dispatch, GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';
import type { GpuMatrix } from './gpu-stack';

const LAYOUTS: readonly LayoutWidth[] = [2, 3, 4, 8];
/** Weight rows and activation rows of a thread, as in the shaders. */
const ROWS = 4;
const TOKENS = 4;

/** How a workgroup is cut: `LANES` threads share four rows, `SLOTS` such runs lie side by side. */
interface Shape {
  readonly LANES: number;
  readonly SLOTS: number;
}

/** A GPU wants neighbouring threads on neighbouring groups; a rasteriser on the CPU wants no barrier. */
const HARDWARE: Shape = { LANES: 16, SLOTS: 4 };
const SOFTWARE: Shape = { LANES: 1, SLOTS: 16 };

type Pipelines = ReadonlyMap<LayoutWidth, GPUComputePipeline>;

/** Products in plain WGSL, for any device: `matvec-plain.wgsl` for one activation row, `matmul-plain.wgsl` for several. */
export class PlainMultiply {
  readonly #context: GpuContext;
  readonly #matvec: Pipelines;
  readonly #matmul: Pipelines;
  readonly #rows: number;

  private constructor(context: GpuContext, shape: Shape, matvec: Pipelines, matmul: Pipelines) {
    this.#context = context;
    this.#rows = ROWS * shape.SLOTS;
    this.#matvec = matvec;
    this.#matmul = matmul;
  }

  static async create(context: GpuContext): Promise<PlainMultiply> {
    const shape = context.traits.software ? SOFTWARE : HARDWARE;
    const [matvec, matmul] = await Promise.all([
      pipelines(context, 'matvec', shape),
      pipelines(context, 'matmul', shape),
    ]);
    return new PlainMultiply(context, shape, matvec, matmul);
  }

  /** out (+)= x * matrix^T for `count` rows. */
  multiply(x: GpuFloats, matrix: GpuMatrix, out: GpuFloats, step: GPUBuffer, count: number, accumulate: boolean): Dispatch[] {
    const { layout, parts } = matrix.stack;
    const call = this.#context.uniform('PlainMultiply.call', [x.stride / 4, out.stride, accumulate ? 1 : 0]);
    return parts.map((part) => {
      const workgroups = Math.ceil(Math.min(part.rowCount, matrix.shape.rows) / this.#rows);
      const info = matrix.info(this.#context, part);
      const buffers = [info, call, part.codes, part.scaleBytes, part.rowScales, x.buffer, out.buffer];
      if (count === 1) return this.#context.prepare(this.#matvec.get(layout)!, buffers, workgroups);
      return this.#context.prepare(this.#matmul.get(layout)!, [...buffers, step], workgroups, Math.ceil(count / TOKENS));
    });
  }
}

async function pipelines(context: GpuContext, name: 'matvec' | 'matmul', shape: Shape): Promise<Pipelines> {
  const shaders = ['codec.wgsl', 'matrix.wgsl', `${name}-plain.wgsl`];
  const entries = LAYOUTS.map(async (layout) => {
    const label = `PlainMultiply.${name}.${layout}`;
    return [layout, await context.pipeline(label, shaders, { LAYOUT: layout, ...shape })] as const;
  });
  return new Map(await Promise.all(entries));
}

import type { LayoutWidth } from '../../codec/layout';
import type { GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';
import type { GpuMatrix } from './gpu-matrix';

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

/** `matvec.wgsl` for one activation row, `matmul.wgsl` for several. */
export class MultiplyKernel {
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

  static async create(context: GpuContext): Promise<MultiplyKernel> {
    const shape = context.software ? SOFTWARE : HARDWARE;
    const [matvec, matmul] = await Promise.all([
      pipelines(context, 'matvec', shape),
      pipelines(context, 'matmul', shape),
    ]);
    return new MultiplyKernel(context, shape, matvec, matmul);
  }

  /** out (+)= x * matrix^T for `count` rows. */
  multiply(x: GpuFloats, matrix: GpuMatrix, out: GpuFloats, step: GPUBuffer, count: number, accumulate: boolean): void {
    const call = this.#context.uniform('MultiplyKernel.call', [x.stride / 4, out.stride, accumulate ? 1 : 0]);
    for (const part of matrix.parts) {
      const workgroups = Math.ceil(part.rowCount / this.#rows);
      const buffers = [part.info, call, part.codes, part.scaleBytes, part.rowScales, x.buffer, out.buffer];
      if (count === 1) this.#context.dispatch(this.#matvec.get(matrix.layout)!, buffers, workgroups);
      else {
        const pipeline = this.#matmul.get(matrix.layout)!;
        this.#context.dispatch(pipeline, [...buffers, step], workgroups, Math.ceil(count / TOKENS));
      }
    }
  }
}

async function pipelines(context: GpuContext, name: 'matvec' | 'matmul', shape: Shape): Promise<Pipelines> {
  const shaders = ['codec.wgsl', 'matrix.wgsl', `${name}.wgsl`];
  const entries = LAYOUTS.map(async (layout) => {
    const label = `MultiplyKernel.${name}.${layout}`;
    return [layout, await context.pipeline(label, shaders, { LAYOUT: layout, ...shape })] as const;
  });
  return new Map(await Promise.all(entries));
}

import type { LayoutWidth } from '../../codec/layout';
import type { Dispatch, GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';
import type { GpuMatrix } from './gpu-stack';

const LAYOUTS: readonly LayoutWidth[] = [2, 3, 4, 8];

/** `embed.wgsl`: rows of a packed tensor by token. */
export class EmbedKernel {
  readonly #context: GpuContext;
  readonly #pipelines: ReadonlyMap<LayoutWidth, GPUComputePipeline>;

  private constructor(context: GpuContext, pipelines: ReadonlyMap<LayoutWidth, GPUComputePipeline>) {
    this.#context = context;
    this.#pipelines = pipelines;
  }

  static async create(context: GpuContext): Promise<EmbedKernel> {
    const shaders = ['codec.wgsl', 'matrix.wgsl', 'embed.wgsl'];
    const entries = LAYOUTS.map(async (layout) => {
      return [layout, await context.pipeline(`EmbedKernel.${layout}`, shaders, { LAYOUT: layout })] as const;
    });
    return new EmbedKernel(context, new Map(await Promise.all(entries)));
  }

  embed(table: GpuMatrix, step: GPUBuffer, tokens: GPUBuffer, out: GpuFloats, count: number): Dispatch[] {
    const { layout, groups, parts } = table.stack;
    const pipeline = this.#pipelines.get(layout)!;
    return parts.map((part) => {
      const info = table.info(this.#context, part);
      const buffers = [info, step, part.codes, part.scaleBytes, part.rowScales, tokens, out.buffer];
      return this.#context.prepare(pipeline, buffers, Math.ceil((groups * 8) / 64), count);
    });
  }
}

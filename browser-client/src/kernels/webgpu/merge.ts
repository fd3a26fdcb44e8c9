import { layoutOf } from '../../codec/layout';
import type { GpuContext } from './gpu-context';

/** Depths whose merges differ: 3, 4, 5 by their layouts, 6 for all deeper ones. */
const KINDS = [3, 4, 5, 6] as const;
/** What every device takes in one dimension. */
const MOST_WORKGROUPS = 65535;

/** `merge.wgsl`: deepens packed codes by one plane. */
export class MergeKernel {
  readonly #context: GpuContext;
  readonly #pipelines: ReadonlyMap<number, GPUComputePipeline>;

  private constructor(context: GpuContext, pipelines: ReadonlyMap<number, GPUComputePipeline>) {
    this.#context = context;
    this.#pipelines = pipelines;
  }

  static async create(context: GpuContext): Promise<MergeKernel> {
    const entries = KINDS.map(async (depth) => {
      const constants = { LAYOUT: layoutOf(depth - 1), DEPTH: depth };
      return [depth, await context.pipeline(`MergeKernel.${depth}`, ['codec.wgsl', 'merge.wgsl'], constants)] as const;
    });
    return new MergeKernel(context, new Map(await Promise.all(entries)));
  }

  /**
   * @param codes packed codes at `depth` - 1
   * @param words the plane's words, for the groups from `firstGroup` on
   * @param deeper room for the same codes at `depth`
   */
  merge(codes: GPUBuffer, words: Uint32Array<ArrayBuffer>, deeper: GPUBuffer, firstGroup: number, depth: number): void {
    const { device } = this.#context;
    const plane = this.#context.storage('MergeKernel.plane', words.byteLength);
    device.queue.writeBuffer(plane, 0, words);
    const range = this.#context.buffer('MergeKernel.range', 8, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    device.queue.writeBuffer(range, 0, Uint32Array.of(firstGroup, words.length));
    const pipeline = this.#pipelines.get(Math.min(depth, KINDS[KINDS.length - 1]!))!;
    const workgroups = Math.ceil(words.length / 64);
    const lines = Math.ceil(workgroups / MOST_WORKGROUPS);
    this.#context.dispatch(pipeline, [range, codes, plane, deeper], Math.min(workgroups, MOST_WORKGROUPS), lines);
    this.#context.release(plane);
    this.#context.release(range);
  }
}

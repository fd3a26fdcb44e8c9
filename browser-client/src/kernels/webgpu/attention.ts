import { FacetError } from '../../errors';
import type { AttentionSpan, Heads, KvShape } from '../backend';
import type { KernelSource } from './fast-multiply';
import { floatBits, type Dispatch, type GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';
import type { GpuLayerCache } from './rope-store';
import { expand } from './template';

/** Four dimensions a thread, 64 threads. */
const LARGEST_HEAD = 256;
/** Contexts up to here are not split: joining would cost more than it saves. */
const UNSPLIT = 64;
const MOST_SPLITS = 32;
const TILE = 64;
/** Query heads of one key head that the fast kernel keeps in registers. */
const LARGEST_GROUP = 8;

/** Attention over the cache: `attention.wgsl` and `attention-join.wgsl`, or `attention-plain.wgsl`. */
export class AttentionKernel {
  readonly #context: GpuContext;
  readonly #plain: GPUComputePipeline;
  readonly #pipelines = new Map<string, GPUComputePipeline>();
  #partials: GPUBuffer | null = null;

  private constructor(context: GpuContext, plain: GPUComputePipeline) {
    this.#context = context;
    this.#plain = plain;
  }

  static async create(context: GpuContext): Promise<AttentionKernel> {
    return new AttentionKernel(context, await context.pipeline('AttentionKernel.plain', ['attention-plain.wgsl']));
  }

  /** Compiles what `attend` will ask for. */
  async prepare(heads: Heads): Promise<void> {
    if (!this.#fast(heads)) return;
    await Promise.all(['attention.wgsl', 'attention-join.wgsl'].map(async (name) => {
      const { label, code } = this.#source(name, heads);
      this.#pipelines.set(label, await this.#context.compile(label, code()));
    }));
  }

  /** In how many splits a step's attention is made; dispatches are good for as long as this stays. */
  splits(position: number, count: number): number {
    const length = position + count;
    return count > 1 || length <= UNSPLIT ? 1 : Math.min(MOST_SPLITS, Math.ceil(length / TILE));
  }

  attend(
    query: GpuFloats, cache: GpuLayerCache, shape: KvShape, out: GpuFloats, step: GPUBuffer, count: number, splits: number,
    span: AttentionSpan,
  ): Dispatch[] {
    const heads = { heads: query.width / shape.headDim, kvHeads: shape.kvHeads, headDim: shape.headDim };
    if (!this.#fast(heads)) return [this.#attendPlainly(query, cache, shape, out, step, count, span)];
    const words = [shape.kvHeads, shape.capacity, query.stride / 4, splits, ...spanWords(span)];
    const call = this.#context.uniform('AttentionKernel.call', words);
    const target = splits === 1 ? out.buffer : this.#partialsOf(heads);
    const buffers = [step, call, query.buffer, cache.keys, cache.values, target];
    const attention = this.#context.prepare(this.#pipeline('attention.wgsl', heads), buffers, shape.kvHeads * splits, count);
    if (splits === 1) return [attention];
    const join = this.#pipeline('attention-join.wgsl', heads);
    const joined = [this.#context.uniform('AttentionKernel.join', [splits]), target, out.buffer];
    return [attention, this.#context.prepare(join, joined, heads.heads)];
  }

  #fast({ heads, kvHeads, headDim }: Heads): boolean {
    const { software, workgroupBytes } = this.#context.traits;
    const group = heads / kvHeads;
    const fits = group * (headDim * 4 + TILE * 40) + 256 * 20 <= workgroupBytes;
    return !software && fits && headDim % 4 === 0 && headDim <= LARGEST_HEAD && group <= LARGEST_GROUP;
  }

  #attendPlainly(
    query: GpuFloats, cache: GpuLayerCache, { kvHeads, headDim, capacity }: KvShape, out: GpuFloats, step: GPUBuffer,
    count: number, span: AttentionSpan,
  ): Dispatch {
    if (headDim > LARGEST_HEAD) {
      throw new FacetError('kernel-invalid', `Heads of ${headDim} are beyond the WebGPU kernels' ${LARGEST_HEAD}.`);
    }
    const heads = query.width / headDim;
    const call = this.#context.uniform('AttentionKernel.plain', [heads, kvHeads, headDim, capacity, query.stride, ...spanWords(span)]);
    const buffers = [step, call, query.buffer, cache.keys, cache.values, out.buffer];
    return this.#context.prepare(this.#plain, buffers, heads, count);
  }

  #pipeline(name: string, heads: Heads): GPUComputePipeline {
    const { label, code } = this.#source(name, heads);
    const pipeline = this.#pipelines.get(label) ?? this.#context.compileNow(label, code());
    this.#pipelines.set(label, pipeline);
    return pipeline;
  }

  #source(name: string, { heads, kvHeads, headDim }: Heads): KernelSource {
    const QUADS = headDim / 4;
    const THREADS = Math.min(256, this.#context.traits.invocations);
    const constants = { GROUP: heads / kvHeads, QUADS, THREADS, PARTS: Math.floor(THREADS / QUADS) };
    return { label: `${name}.${heads}.${kvHeads}.${headDim}`, code: () => expand(this.#context.shader(name), constants) };
  }

  #partialsOf({ heads, headDim }: Heads): GPUBuffer {
    const bytes = heads * MOST_SPLITS * (headDim / 4 + 1) * 16;
    if (this.#partials && this.#partials.size >= bytes) return this.#partials;
    this.#partials = this.#context.storage('AttentionKernel.partials', bytes);
    return this.#partials;
  }
}

/** Window, the largest number for none, and softcap, 0 for none. */
function spanWords({ window, softcap }: AttentionSpan): [number, number] {
  return [Math.min(window, 0xffff_ffff), floatBits(softcap ?? 0)];
}

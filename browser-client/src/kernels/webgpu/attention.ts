import { FacetError } from '../../errors';
import type { AttentionSpan, Heads } from '../backend';
import type { KernelSource } from './fast-multiply';
import type { GpuCache } from './gpu-cache';
import { floatBits, type Dispatch, type GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';
import type { RowRange } from './rope-store';
import { expand, type Constants } from './template';

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
  readonly #pipelines = new Map<string, GPUComputePipeline>();
  #partials: GPUBuffer | null = null;
  #refused: string | null = null;

  constructor(context: GpuContext) {
    this.#context = context;
  }

  /** In how many splits a step's attention is made; dispatches are good for as long as this stays. */
  splits(position: number, count: number): number {
    const length = position + count;
    return count > 1 || length <= UNSPLIT ? 1 : Math.min(MOST_SPLITS, Math.ceil(length / TILE));
  }

  /** @param rows of the step, whose keys and values are in the cache; one where there are several splits */
  attend(
    query: GpuFloats, cache: GpuCache, layer: number, out: GpuFloats, step: GPUBuffer, rows: RowRange, splits: number,
    span: AttentionSpan,
  ): Dispatch[] {
    const { kvHeads, headDim, capacity } = cache.shape;
    const heads = { heads: query.width / headDim, kvHeads, headDim };
    if (!this.isTailored(heads)) return this.attendPlainly(query, cache, layer, out, step, rows, span);
    const words = [kvHeads, capacity, query.stride / 4, splits, ...spanWords(span), rows.first];
    const call = this.#context.uniform('AttentionKernel.call', words);
    const target = splits === 1 ? out.buffer : this.#partialsOf(heads);
    const buffers = [step, call, query.buffer, target, ...cache.layer(layer)];
    const attention = this.#context.prepare(this.#pipeline(this.#tailored(cache, heads)), buffers, kvHeads * splits, rows.count);
    if (splits === 1) return [attention];
    const joined = [this.#context.uniform('AttentionKernel.join', [splits]), target, out.buffer];
    return [attention, this.#context.prepare(this.#pipeline(this.#join(heads)), joined, heads.heads)];
  }

  /** Whether these heads get the tailored kernel: their shape suits it, and it computes rightly here. */
  isTailored({ heads, kvHeads, headDim }: Heads): boolean {
    const { software, workgroupBytes } = this.#context.traits;
    const group = heads / kvHeads;
    const fits = group * (headDim * 4 + TILE * 40) + 256 * 20 <= workgroupBytes;
    const suits = headDim % 4 === 0 && headDim <= LARGEST_HEAD && group <= LARGEST_GROUP;
    return !software && fits && suits && !this.#refused;
  }

  /** Leaves attention to the plain kernel from now on, for being wrong under this name. */
  refuse(label: string): void {
    this.#refused = label;
  }

  /** The name of the kernel that was refused; null where none was. */
  get refused(): string | null {
    return this.#refused;
  }

  /** As `attend`, by plain WGSL. */
  attendPlainly(
    query: GpuFloats, cache: GpuCache, layer: number, out: GpuFloats, step: GPUBuffer, rows: RowRange, span: AttentionSpan,
  ): Dispatch[] {
    const { kvHeads, headDim, capacity } = cache.shape;
    if (headDim > LARGEST_HEAD) {
      throw new FacetError('kernel-invalid', `Heads of ${headDim} are beyond the WebGPU kernels' ${LARGEST_HEAD}.`);
    }
    const heads = query.width / headDim;
    const words = [heads, kvHeads, headDim, capacity, query.stride, ...spanWords(span), rows.first];
    const call = this.#context.uniform('AttentionKernel.plain', words);
    const buffers = [step, call, query.buffer, out.buffer, ...cache.layer(layer)];
    return [this.#context.prepare(this.#pipeline(this.#plain(cache)), buffers, heads, rows.count)];
  }

  /** Kernels are made when they are first asked for: by the self-test, where there is one. */
  #pipeline({ label, code }: KernelSource): GPUComputePipeline {
    const pipeline = this.#pipelines.get(label) ?? this.#context.compileNow(label, code());
    this.#pipelines.set(label, pipeline);
    return pipeline;
  }

  #tailored(cache: GpuCache, heads: Heads): KernelSource {
    const label = `attention.${heads.heads}x${heads.kvHeads}x${heads.headDim}.${cache.layoutName}`;
    return { label, code: () => this.#text(cache, 'attention.wgsl', this.#cut(heads)) };
  }

  #join(heads: Heads): KernelSource {
    const label = `attention-join.${heads.headDim}`;
    return { label, code: () => expand(this.#context.shader('attention-join.wgsl'), this.#cut(heads)) };
  }

  #plain(cache: GpuCache): KernelSource {
    // Float32 caches of all shapes share a kernel; the layout of codes is part of the text.
    const label = `attention-plain.${cache.layoutName}${cache.precision ? `.${cache.shape.kvHeads}x${cache.shape.headDim}` : ''}`;
    return { label, code: () => this.#text(cache, 'attention-plain.wgsl', {}) };
  }

  #text(cache: GpuCache, name: string, constants: Constants): string {
    const names = cache.precision ? ['kv-coded.wgsl', 'kv-read.wgsl', name] : [name];
    return expand(names.map((each) => this.#context.shader(each)).join('\n'), { ...cache.constants, ...constants });
  }

  #cut({ heads, kvHeads, headDim }: Heads): Constants {
    const QUADS = headDim / 4;
    const THREADS = Math.min(256, this.#context.traits.invocations);
    return { GROUP: heads / kvHeads, QUADS, THREADS, PARTS: Math.floor(THREADS / QUADS) };
  }

  #partialsOf({ heads, headDim }: Heads): GPUBuffer {
    const bytes = heads * MOST_SPLITS * (headDim / 4 + 1) * 16;
    if (this.#partials && this.#partials.size >= bytes) return this.#partials;
    this.#partials = this.#context.storage('AttentionKernel.partials', bytes);
    return this.#partials;
  }
}

/** Window, the largest number for none, softcap, 0 for none, and how much every row sees, 0 where that is what lies before it. */
function spanWords({ window, softcap, everything = 0 }: AttentionSpan): [number, number, number] {
  return [Math.min(window, 0xffff_ffff), floatBits(softcap ?? 0), everything];
}

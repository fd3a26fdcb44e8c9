import type { LayoutWidth } from '../../codec/layout';
import type { KernelVariants } from '../variants';
import { floatBits, type Dispatch, type GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';
import type { StackPart } from './gpu-stack';
import type { GpuTraits } from './gpu-traits';
import { matvecShader, rowsOfWorkgroup, type MatvecShape, type MatvecTask } from './matvec-shader';
import { expand } from './template';
import { matmulTile, matvecShape } from './tuning';

/** What products need to know of a stack. */
export interface PackedStack {
  readonly rows: number;
  readonly groups: number;
  readonly depth: number;
  readonly layout: LayoutWidth;
  readonly parts: readonly StackPart[];
  readonly matrices: readonly { readonly firstRow: number; readonly shape: { readonly shift: number } }[];
}

/** Input of a product: activations, and the norm they go through on the way. */
export interface Input {
  readonly x: GpuFloats;
  readonly norm: { readonly gain: GpuFloats; readonly epsilon: number } | null;
}

/** What becomes of a product: added to what is there, or the gate and the gated in one. */
export interface Fate {
  readonly gated: boolean;
  readonly add: boolean;
}

/** A kernel's text under a name that no other text has. */
export interface KernelSource {
  readonly label: string;
  /** Expanding a template takes about a millisecond: only what is compiled is expanded. */
  readonly code: () => string;
}

/** The tailored kernels of products: `matvec.wgsl` for one activation row, `matmul-tiled.wgsl` for several. */
export class FastMultiply {
  readonly #context: GpuContext;
  readonly #pipelines = new Map<string, GPUComputePipeline>();
  /** Kernels that this device computes wrongly or refuses. */
  readonly #refused = new Set<string>();
  #traits: GpuTraits;

  constructor(context: GpuContext) {
    this.#context = context;
    this.#traits = context.traits;
  }

  /** How products are made from now on. */
  use(variants: KernelVariants): void {
    this.#traits = { ...this.#context.traits, variants };
  }

  /** Labels of the kernels that plain ones stand in for. */
  get refused(): readonly string[] {
    return [...this.#refused];
  }

  get(label: string): GPUComputePipeline | null {
    return this.#pipelines.get(label) ?? null;
  }

  /** Compiles a kernel; one that the device refuses is never asked for again. */
  async compile({ label, code }: KernelSource): Promise<void> {
    if (this.#pipelines.has(label)) return;
    try {
      this.#pipelines.set(label, await this.#context.compile(label, code()));
    } catch {
      this.refuse(label);
    }
  }

  refuse(label: string): void {
    this.#refused.add(label);
    this.#pipelines.delete(label);
  }

  /** The kernel of a decode product; null where plain ones have to do. */
  matvecSource(task: MatvecTask, rows: number): (KernelSource & { shape: MatvecShape }) | null {
    const traits = this.#traits;
    const shape = matvecShape(traits, task, rows);
    if (!shape) return null;
    const { arithmetic, lanes, sets, tiles, span } = shape;
    const label = [
      `matvec.${arithmetic}`, `b${task.layout}`, `g${task.groups}`, `l${lanes}x${sets}`, `r${shape.rows}x${tiles}`, `s${span}`,
      ...(task.norm ? ['norm'] : []), ...(task.gated ? ['gated'] : []), ...(task.add ? ['add'] : []), `o${task.outputs}`,
    ].join('-');
    const templates = ['matvec.wgsl', ...(task.norm ? ['reduce.wgsl'] : [])];
    const code = () => matvecShader(templates.map((name) => this.#context.shader(name)), shape, task, traits.subgroup);
    return this.#refused.has(label) ? null : { label, code, shape };
  }

  matmulSource(layout: LayoutWidth, groups: number, outputs: number, add: boolean): (KernelSource & { tile: Tile }) | null {
    const tile = this.#traits.software ? null : matmulTile(this.#traits);
    const label = `matmul.${tile?.TM}x${tile?.TN}-b${layout}-g${groups}-o${outputs}${add ? '-add' : ''}`;
    if (!tile || this.#refused.has(label)) return null;
    const [rowQuads, tokenQuads] = [4 * tile.TM, 4 * tile.TN];
    const constants = {
      ...tile, ROW_QUADS: rowQuads, TOKEN_QUADS: tokenQuads, LAYOUT: layout, GROUPS: groups, OUTS: outputs, ADD: Number(add),
      WEIGHT_LOADS: Math.ceil((rowQuads * 8) / 256), WEIGHT_THREADS: Math.min(256, rowQuads * 8),
      INPUT_LOADS: Math.ceil((tokenQuads * 8) / 256), INPUT_THREADS: Math.min(256, tokenQuads * 8),
    };
    return { label, code: () => expand(this.#context.shader('matmul-tiled.wgsl'), constants), tile };
  }

  /**
   * The product of one row with a whole stack; null where plain kernels have to do.
   *
   * @param tuned output rows to cut the kernel for: the stack's own, unless a check stands in for a larger one
   */
  matvec(
    input: Input, stack: PackedStack, outs: readonly GpuFloats[], fate: Fate, tuned = fate.gated ? stack.rows / 2 : stack.rows,
  ): Dispatch[] | null {
    const task = taskOf(stack, stack.layout, input.norm !== null, fate);
    const source = this.matvecSource(task, tuned);
    if (!source || (fate.gated && stack.parts.length > 1)) return null;
    const pipeline = this.#pipeline(source);
    if (!pipeline) return null;
    return stack.parts.map((part) => {
      const rows = fate.gated ? part.rowCount / 2 : part.rowCount;
      const words = [
        rows, part.firstRow, floatBits(2 ** -stack.depth), floatBits(input.norm?.epsilon ?? 0), ...starts(stack), input.x.width, 0,
        ...shifts(stack),
      ];
      const info = this.#context.uniform('FastMultiply.matvec', words);
      const buffers = [
        info, part.codes, part.scaleBytes, part.rowScales, input.x.buffer, ...threeOf(outs), input.norm?.gain.buffer ?? null,
      ];
      return this.#context.prepare(pipeline, buffers, Math.ceil(rows / rowsOfWorkgroup(source.shape, task)));
    });
  }

  /** The product of several rows with a whole stack; null where plain kernels have to do. */
  matmul(x: GpuFloats, stack: PackedStack, outs: readonly GpuFloats[], step: GPUBuffer, count: number, add: boolean): Dispatch[] | null {
    const source = this.matmulSource(stack.layout, stack.groups, stack.matrices.length, add);
    const pipeline = source && this.#pipeline(source);
    if (!source || !pipeline) return null;
    const { TM, TN } = source.tile;
    return stack.parts.map((part) => {
      const strides = [0, 1, 2, 3].map((i) => outs[i]?.stride ?? 0);
      const words = [
        part.rowCount, part.firstRow, floatBits(2 ** -stack.depth), x.stride / 4, ...starts(stack), 0, 0, ...shifts(stack), ...strides,
      ];
      const info = this.#context.uniform('FastMultiply.matmul', words);
      const buffers = [info, part.codes, part.scaleBytes, part.rowScales, x.buffer, ...threeOf(outs), step];
      return this.#context.prepare(pipeline, buffers, Math.ceil(part.rowCount / (16 * TM)), Math.ceil(count / (16 * TN)));
    });
  }

  /** A kernel that was not foreseen is made now, unchecked; not on a device that has failed a check. */
  #pipeline({ label, code }: KernelSource): GPUComputePipeline | null {
    const known = this.#pipelines.get(label);
    if (known || this.#refused.size > 0) return known ?? null;
    const pipeline = this.#context.compileNow(label, code());
    this.#pipelines.set(label, pipeline);
    return pipeline;
  }
}

interface Tile {
  readonly TM: number;
  readonly TN: number;
}

export function taskOf(stack: { groups: number; matrices: readonly unknown[] }, layout: LayoutWidth, norm: boolean, fate: Fate): MatvecTask {
  const outputs = (fate.gated ? 1 : stack.matrices.length) as 1 | 2 | 3;
  return { layout, groups: stack.groups, norm, gated: fate.gated, outputs, add: fate.add };
}

/** Where the second and the third tensor start; past the end where there is none. */
function starts({ matrices, rows }: PackedStack): number[] {
  return [1, 2].map((i) => matrices[i]?.firstRow ?? rows);
}

function shifts({ matrices }: PackedStack): number[] {
  return [0, 1, 2, 3].map((i) => floatBits(matrices[i]?.shape.shift ?? 0));
}

function threeOf(outs: readonly GpuFloats[]): (GPUBuffer | null)[] {
  return [0, 1, 2].map((i) => outs[i]?.buffer ?? null);
}

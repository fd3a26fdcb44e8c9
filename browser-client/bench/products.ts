import type { LayoutWidth } from '../src/codec/layout';
import type { FastMultiply, Fate } from '../src/kernels/webgpu/fast-multiply';
import type { Dispatch, GpuContext } from '../src/kernels/webgpu/gpu-context';
import { randomFloats, randomStack, releaseStack, stackBytes } from './random-stack';
import type { ReadCeiling } from './read-ceiling';
import type { Row } from './report';
import type { Stopwatch } from './stopwatch';

/** Bytes of weights to go round, so that no cache serves them. */
const ROUND = 400e6;
const LEAST_DISPATCHES = 64;
const WARM_UP_MS = 300;

/** A decode product to measure. */
export interface MatvecCase {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  readonly layout: LayoutWidth;
  readonly norm?: boolean;
  readonly gated?: boolean;
  readonly outputs?: 1 | 2 | 3;
  readonly floor?: number;
  readonly goal?: number;
}

export interface MatmulCase {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  readonly tokens: number;
  readonly floor?: number;
  readonly goal?: number;
}

/** Times single products on the device's clock. Every dispatch waits for the one before, as in a model. */
export class ProductBench {
  readonly #context: GpuContext;
  readonly #fast: FastMultiply;
  readonly #watch: Stopwatch;
  readonly #ceiling: ReadCeiling;

  constructor(context: GpuContext, fast: FastMultiply, watch: Stopwatch, ceiling: ReadCeiling) {
    this.#context = context;
    this.#fast = fast;
    this.#watch = watch;
    this.#ceiling = ceiling;
  }

  /** Share of the read ceiling in percent. */
  async matvec({ name, rows, cols, layout, norm = false, gated = false, outputs = 1, ...wanted }: MatvecCase): Promise<Row> {
    const first = randomStack(this.#context, rows, cols, layout, gated ? 2 : outputs);
    const copies = Math.max(2, Math.ceil(ROUND / stackBytes(first)));
    const stacks = [first, ...Array.from({ length: copies - 1 }, () => randomStack(this.#context, rows, cols, layout, gated ? 2 : outputs))];
    const x = randomFloats(this.#context, cols, 1);
    const outs = gated ? [randomFloats(this.#context, rows / 2, 1)] : first.matrices.map(() => randomFloats(this.#context, rows, 1));
    const fate: Fate = { gated, add: false };
    const input = { x, norm: norm ? { gain: randomFloats(this.#context, cols, 1), epsilon: 1e-5 } : null };
    const dispatches = stacks.flatMap((stack) => this.#fast.matvec(input, stack, outs, fate) ?? []);
    const label = dispatches[0]?.pipeline.label;
    if (!label) throw new Error(`${name}: this device has no fast kernel for it.`);
    const count = Math.max(LEAST_DISPATCHES, dispatches.length);
    const ceiling = await this.#ceiling.measure(WARM_UP_MS);
    const nanoseconds = (await this.#watch.median((pass) => record(pass, dispatches, count))) / count;
    for (const stack of stacks) releaseStack(this.#context, stack);
    const value = (100 * stackBytes(first)) / nanoseconds / ceiling;
    return { name, value, unit: '% of the read ceiling', better: 'higher', ...wanted, kernel: label, microseconds: nanoseconds / 1e3 };
  }

  /** Teraflops, a multiplication and an addition for every weight and token. */
  async matmul({ name, rows, cols, tokens, ...wanted }: MatmulCase): Promise<Row> {
    const stack = randomStack(this.#context, rows, cols, 4);
    const [x, out] = [randomFloats(this.#context, cols, tokens), randomFloats(this.#context, rows, tokens)];
    const step = this.#context.uniform('ProductBench.step', [0, tokens]);
    const dispatches = this.#fast.matmul(x, stack, [out], step, tokens, false) ?? [];
    const label = dispatches[0]?.pipeline.label;
    if (!label) throw new Error(`${name}: this device has no fast kernel for it.`);
    await this.#ceiling.measure(WARM_UP_MS);
    const nanoseconds = (await this.#watch.median((pass) => record(pass, dispatches, 4))) / 4;
    releaseStack(this.#context, stack);
    const value = (2 * rows * cols * tokens) / nanoseconds / 1e3;
    return { name, value, unit: 'TFLOP/s', better: 'higher', ...wanted, kernel: label, microseconds: nanoseconds / 1e3 };
  }
}

function record(pass: GPUComputePassEncoder, dispatches: readonly Dispatch[], count: number): void {
  for (let i = 0; i < count; i++) {
    const { pipeline, bindings, x, y } = dispatches[i % dispatches.length]!;
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(x, y);
  }
}

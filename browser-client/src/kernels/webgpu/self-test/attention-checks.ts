import { ropeTable } from '../../../runtime/rope';
import { WHOLE_SPAN } from '../../backend';
import { attention } from '../../reference/attention';
import { CodedLayer } from '../../reference/coded-kv';
import { rotate } from '../../reference/rope';
import type { KvPrecision } from '../../kv-format';
import { CODED_ROWS, GpuCache } from '../gpu-cache';
import type { Dispatch } from '../gpu-context';
import type { GpuFloats } from '../gpu-floats';
import type { Kernels } from '../kernels';
import { rowsResult, type Candidate, type Check } from './check';
import type { MadeUpNumbers, MadeUpRows } from './made-up-numbers';
import { stepOf } from './product-checks';

/** Positions beyond a window: more than a block of codes and a tile of scores, and no multiple of either. */
const BEYOND = 71;
const ROWS = 3;
/** A number half-way between two codes may take either: one of some hundred values is then a step off. */
const CODED_TOLERANCE = 0.05;

/** What a model's attention works on. */
export interface AttentionUse {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly precision: KvPrecision | null;
  /** Every row sees all others, as in an encoder. */
  readonly everything: boolean;
}

/** Attention, and before it rotation and storing, as the model's heads and its cache want them. */
export function attentionCandidates(kernels: Kernels, use: AttentionUse): Candidate[] {
  const name = nameOf(use);
  const plain = { label: `attention-plain.${name}`, check: (numbers: MadeUpNumbers) => attentionCheck(kernels, use, numbers, true) };
  if (!kernels.attention.isTailored(use)) return [plain];
  const label = `attention.${name}`;
  const check = (numbers: MadeUpNumbers) => attentionCheck(kernels, use, numbers, false);
  return [plain, { label, check, refuse: () => kernels.attention.refuse(label) }];
}

function nameOf({ heads, kvHeads, headDim, precision, everything }: AttentionUse): string {
  const shape = `${heads}x${kvHeads}x${headDim}${everything ? '.everything' : ''}`;
  return precision ? `${shape}.k${precision.keys}v${precision.values}w${precision.window}` : shape;
}

/** Fills a cache and looks at its end: by one row in one split and in two, and by several rows. */
function attentionCheck(kernels: Kernels, use: AttentionUse, numbers: MadeUpNumbers, plain: boolean): Check {
  const length = (use.precision?.window ?? 0) + BEYOND;
  const sequence = new MadeUpSequence(use, numbers, length);
  const span = use.everything ? { ...WHOLE_SPAN, everything: length } : WHOLE_SPAN;
  const query = numbers.rows(use.heads * use.headDim, ROWS);
  const run = (count: number, splits: number) => {
    const out = numbers.output(use.heads * use.headDim, count);
    const step = stepOf(numbers.context, length - count, count);
    const rows = { first: 0, count };
    const { attention: kernel } = kernels;
    const { cache } = sequence;
    const dispatches = plain
      ? kernel.attendPlainly(query.floats, cache, 0, out, step, rows, span)
      : kernel.attend(query.floats, cache, 0, out, step, rows, splits, span);
    const seen = (r: number) => (use.everything ? length - 1 : length - count + r);
    return { dispatches, result: rowsResult(out, Array.from({ length: count }, (_, r) => sequence.mixed(query.row(r), seen(r)))) };
  };
  const runs = [run(1, 1), run(1, 2), run(ROWS, 1)];
  return {
    dispatches: [...sequence.store(kernels), ...runs.flatMap(({ dispatches }) => dispatches)],
    results: runs.map(({ result }) => result),
    ...(use.precision ? { tolerance: CODED_TOLERANCE } : {}),
  };
}

/** Keys and values of made-up tokens, in a cache and here. */
class MadeUpSequence {
  readonly cache: GpuCache;
  readonly #use: AttentionUse;
  readonly #numbers: MadeUpNumbers;
  readonly #keys: MadeUpRows;
  readonly #values: MadeUpRows;
  readonly #length: number;
  readonly #table: Float32Array<ArrayBuffer>;
  readonly #coded: CodedLayer | null;

  constructor(use: AttentionUse, numbers: MadeUpNumbers, length: number) {
    const { kvHeads, headDim, precision } = use;
    this.#use = use;
    this.#numbers = numbers;
    this.#length = length;
    // Later keys are longer, so that the largest score is not always among the first.
    this.#keys = numbers.rows(kvHeads * headDim, length, (row) => row / 16);
    this.#values = numbers.rows(kvHeads * headDim, length);
    const angles = Float64Array.from({ length: headDim / 2 }, (_, i) => 1 / (i + 1));
    this.#table = ropeTable(angles, length) as Float32Array<ArrayBuffer>;
    this.cache = new GpuCache(numbers.context, { layers: 1, kvHeads, headDim, capacity: length, precision });
    for (const buffer of this.cache.layer(0)) numbers.keep(buffer);
    this.#coded = this.cache.precision && new CodedLayer(this.cache.precision, headDim);
    for (let position = 0; position < length; position++) this.#coded?.store(position, this.#key(position), this.#values.row(position));
  }

  /** Stores it all, a few rows at a time as a prompt does. */
  store({ ropeStore }: Kernels): Dispatch[] {
    const dispatches: Dispatch[] = [];
    const { length } = this.#table;
    const rotation = { buffer: this.#numbers.upload(this.#table), width: length, stride: length, length, transient: false };
    const unused = this.#numbers.rows(this.#use.heads * this.#use.headDim, CODED_ROWS).floats;
    for (let first = 0; first < this.#length; first += CODED_ROWS) {
      const count = Math.min(CODED_ROWS, this.#length - first);
      const step = stepOf(this.#numbers.context, first, count);
      const [key, value] = [this.#keys, this.#values].map((rows) => this.#some(rows, first, count));
      dispatches.push(...ropeStore.store(unused, key!, value!, rotation, this.cache, 0, step, { first: 0, count }));
    }
    return dispatches;
  }

  /** Attention of a query at a position, by the scalar reference. */
  mixed(query: Float32Array, position: number): Float32Array {
    const seen = Array.from({ length: position + 1 }, (_, at) => at);
    const { keys, values } = this.#coded?.visible(position) ?? {
      keys: seen.map((at) => this.#key(at)), values: seen.map((at) => this.#values.row(at)),
    };
    return attention(query, keys, values, this.#use);
  }

  #key(position: number): Float32Array {
    const { headDim } = this.#use;
    const at = (row: number) => this.#table.subarray((row * headDim) / 2, ((row + 1) * headDim) / 2);
    return rotate(this.#keys.row(position), headDim, at(position), at(this.#length + position));
  }

  /** Some rows as a step has them. */
  #some(rows: MadeUpRows, first: number, count: number): GpuFloats {
    const { width, stride } = rows.floats;
    const values = new Float32Array(count * stride);
    for (let row = 0; row < count; row++) values.set(rows.row(first + row), row * stride);
    return { buffer: this.#numbers.upload(values), width, stride, length: width * count, transient: false };
  }
}

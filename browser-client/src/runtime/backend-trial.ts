import { BASE_DEPTH, groupsOf } from '../codec/layout';
import type { PlaneSegment } from '../codec/segment';
import type { Floats, KernelBackend, Matrix } from '../kernels/backend';
import { USUAL_VARIANTS, type KernelVariants } from '../kernels/variants';
import type { BundleManifest } from '../transport/wire';
import { MOST_AHEAD } from './run-ahead';

/** What a model's products take on a backend, in milliseconds. */
export interface Speeds {
  /** A token that is written. */
  readonly decodeMs: number;
  /** A token of a prompt, among many. */
  readonly prefillMs: number;
}

/** Speeds, by the fastest of the ways that the backend has to make products; null where it has one. */
export interface Measured extends Speeds {
  readonly variants: KernelVariants | null;
}

export interface Clock {
  now(): number;
  /** Settles after so many milliseconds. */
  after(ms: number): Promise<unknown>;
}

/** A matrix like a model's largest, and how many times its weights are in all that a token meets. */
export interface TrialTask {
  readonly rows: number;
  readonly cols: number;
  readonly depth: number;
  readonly times: number;
}

const LIKENESS = /layers\.0\.mlp\.(gate|up)_proj\.weight$/;
const EMBEDDING = 'model.embed_tokens.weight';
const REPEATS = 3;
/** A run of several products is made about so long: the clock, and a device's start, then matter little. */
const RUN_MS = 10;
/** The same, where ways to make products are compared. */
const WAY_MS = 5;
const MOST_PRODUCTS = 512;
/** A way to make products is left for one that takes less than this share of its time. */
const CLEARLY_LESS = 0.9;
/** What a product is taken for that a coarse clock finds no time for. */
const LEAST_MS = 0.05;

/**
 * The trial of a bundle's model.
 *
 * @param mostWeights of the matrix; rows beyond them are left out
 */
export function trialOf({ tensors, config }: BundleManifest, mostWeights: number): TrialTask {
  const coded = tensors.filter(({ encoding, name }) => encoding === 'embedded' && (config.tiedEmbeddings || name !== EMBEDDING));
  const weights = coded.reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  const { rows, cols, bits } = coded.find(({ name }) => LIKENESS.test(name))!;
  const kept = Math.max(1, Math.min(rows, Math.floor(mostWeights / cols)));
  return { rows: kept, cols, depth: bits!, times: weights / (kept * cols) };
}

/** What is timed: so many products of as many rows as there are tokens. */
interface Work {
  readonly tokens: number;
  readonly products: number;
}

/** A way to make products, and its time as a share of the usual one's. */
interface Way {
  readonly variants: KernelVariants;
  readonly share: number;
}

/** Products on a backend, by the clock. Time does not depend on what is multiplied, so weights are blank. */
export class BackendTrial {
  readonly #backend: KernelBackend;
  readonly #task: TrialTask;
  readonly #clock: Clock;
  readonly #matrix: Matrix;
  readonly #x: Floats;
  readonly #out: Floats;

  constructor(backend: KernelBackend, task: TrialTask, clock: Clock) {
    const { rows, cols, depth } = task;
    this.#backend = backend;
    this.#task = task;
    this.#clock = clock;
    this.#matrix = backend.matrix({ name: 'trial', rows, cols, anchor: depth, shift: 0, depth });
    for (let plane = BASE_DEPTH; plane <= depth; plane++) backend.merge(this.#matrix, [blankPlane(task, plane)]);
    this.#x = backend.upload('trial.x', Float32Array.from({ length: backend.maxStep * cols }, (_, i) => Math.sin(i)), backend.maxStep);
    this.#out = backend.activations('trial.out', rows);
  }

  /** Makes the kernels, which is no part of the trial. */
  async warmUp(): Promise<void> {
    for (const variants of this.#alternatives('matvec')) await this.#warm(variants, 1);
    for (const variants of this.#alternatives('matmul')) await this.#warm(variants, this.#backend.maxStep);
    await this.#warm(USUAL_VARIANTS, 1);
    await this.#warm(USUAL_VARIANTS, this.#backend.maxStep);
  }

  /** Measures until `deadline`, no longer; null where not even one product has ended by then. */
  async measure(deadline: number): Promise<Measured | null> {
    const { maxStep } = this.#backend;
    const idle = await this.#least({ tokens: 1, products: 0 }, deadline);
    const once = (await this.#least({ tokens: 1, products: 1 }, deadline)) - idle;
    if (!Number.isFinite(once)) return null;
    const alone = { tokens: 1, products: productsIn(RUN_MS, once) };
    const product = Math.max(0, Math.min(once, ((await this.#least(alone, deadline)) - idle) / alone.products));
    // A row of many takes no longer than one alone; where that would be too long to try, it is what is believed.
    const tooLong = product * maxStep > deadline - this.#clock.now();
    const step = tooLong ? Infinity : (await this.#least({ tokens: maxStep, products: 1 }, deadline)) - idle;
    const matvec = await this.#fastest('matvec', USUAL_VARIANTS, { tokens: 1, products: productsIn(WAY_MS, product) }, idle, deadline);
    const many = { tokens: maxStep, products: productsIn(WAY_MS, step) };
    const matmul = step === Infinity ? matvec : await this.#fastest('matmul', matvec.variants, many, idle, deadline);
    const { times } = this.#task;
    const perRow = step === Infinity ? product : Math.max(0, Math.min(product, (matmul.share * step) / maxStep));
    const variants = this.#several ? matmul.variants : null;
    return { decodeMs: matvec.share * product * times + idle / MOST_AHEAD, prefillMs: perRow * times, variants };
  }

  /** Does the same work in each way, in turns, since a device's clock rises meanwhile; the fastest is left in use. */
  async #fastest(kind: keyof KernelVariants, from: KernelVariants, work: Work, idle: number, deadline: number): Promise<Way> {
    const ways = (this.#backend.variants?.[kind] ?? []).map((way) => ({ variants: { ...from, [kind]: way }, ms: Infinity }));
    if (ways.length < 2) return { variants: from, share: 1 };
    for (let turn = 0; turn < REPEATS; turn++) {
      for (const way of ways) {
        this.#backend.variants?.use(way.variants);
        way.ms = Math.min(way.ms, Math.max(LEAST_MS, (await this.#timed(work, deadline)) - idle));
      }
    }
    const usual = ways[0]!;
    const fastest = ways.reduce((best, way) => (way.ms < best.ms ? way : best));
    const found = fastest.ms < CLEARLY_LESS * usual.ms && usual.ms < Infinity ? fastest : usual;
    this.#backend.variants?.use(found.variants);
    return { variants: found.variants, share: found === usual ? 1 : found.ms / usual.ms };
  }

  get #several(): boolean {
    const { matvec = [], matmul = [] } = this.#backend.variants ?? {};
    return matvec.length > 1 || matmul.length > 1;
  }

  #alternatives(kind: keyof KernelVariants): KernelVariants[] {
    const ways = this.#backend.variants?.[kind].slice(1) ?? [];
    return ways.map((way) => ({ ...USUAL_VARIANTS, [kind]: way }));
  }

  async #warm(variants: KernelVariants, tokens: number): Promise<void> {
    this.#backend.variants?.use(variants);
    await this.#run({ tokens, products: 1 });
  }

  /** Least milliseconds of the runs that end in time; Infinity where none does. */
  async #least(work: Work, deadline: number): Promise<number> {
    let least = Infinity;
    const enough = this.#clock.now() + 2 * RUN_MS;
    for (let i = 0; i < REPEATS && (i === 0 || this.#clock.now() < enough); i++) {
      const ms = await this.#timed(work, deadline);
      if (ms === Infinity) break;
      least = Math.min(least, ms);
    }
    return least;
  }

  /** Milliseconds of a run; Infinity where it does not end in time. */
  async #timed(work: Work, deadline: number): Promise<number> {
    const started = this.#clock.now();
    if (started >= deadline) return Infinity;
    const ended = this.#run(work).then(() => true);
    const inTime = await Promise.race([ended, this.#clock.after(deadline - started).then(() => false)]);
    return inTime ? this.#clock.now() - started : Infinity;
  }

  /** A step, and the wait for its result. */
  async #run({ tokens, products }: Work): Promise<void> {
    const backend = this.#backend;
    backend.begin(new Array<number>(tokens).fill(0), 0);
    for (let i = 0; i < products; i++) backend.multiply(this.#x, [{ matrix: this.#matrix, out: this.#out }], 'all', false);
    backend.end();
    await backend.likeliest(this.#out, this.#task.rows);
  }
}

/** How many take about so long. */
function productsIn(ms: number, each: number): number {
  return Math.max(1, Math.min(MOST_PRODUCTS, Math.floor(ms / Math.max(ms / MOST_PRODUCTS, each))));
}

function blankPlane({ rows, cols }: TrialTask, depth: number): PlaneSegment {
  const words = rows * groupsOf(cols);
  const base = depth === BASE_DEPTH;
  return {
    depth, firstRow: 0, rowCount: rows, gains: null,
    rowScales: base ? new Uint16Array(rows) : null,
    scaleBytes: base ? new Uint8Array(words) : null,
    codes: new Uint32Array(base ? 2 * words : words),
  };
}

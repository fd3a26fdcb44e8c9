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
const MOST_PRODUCTS = 64;
/** A way to make products is left for one that takes less than this share of its time. */
const CLEARLY_LESS = 0.95;
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

/** A way to make products and what the trial of it took. */
interface Trial {
  readonly variants: KernelVariants;
  readonly ms: number;
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
    const idle = await this.#least(1, 0, deadline);
    const once = await this.#least(1, 1, deadline);
    if (once === Infinity) return null;
    const products = Math.max(1, Math.min(MOST_PRODUCTS, Math.floor(RUN_MS / Math.max(LEAST_MS, once - idle))));
    const together = Math.min(products * (once - idle) + idle, await this.#least(1, products, deadline));
    // A row of many takes no longer than one alone; where that would be too long to try, it is what is believed.
    const { maxStep } = this.#backend;
    const believed = maxStep * Math.max(0, (together - idle) / products) + idle;
    const step = believed > deadline - this.#clock.now() ? Infinity : await this.#least(maxStep, 1, deadline);
    const decode = await this.#fastest('matvec', { variants: USUAL_VARIANTS, ms: together }, [1, products], deadline);
    const prefill = await this.#fastest('matmul', { variants: decode.variants, ms: step }, [maxStep, 1], deadline);
    const { times } = this.#task;
    const product = Math.max(0, (decode.ms - idle) / products);
    const perRow = Math.min(product, Math.max(0, (prefill.ms - idle) / maxStep));
    const ways = [...this.#alternatives('matvec'), ...this.#alternatives('matmul')];
    const variants = ways.length > 0 ? prefill.variants : null;
    return { decodeMs: product * times + idle / MOST_AHEAD, prefillMs: perRow * times, variants };
  }

  /** Tries other ways to do the same work; the one that is left in use is the fastest that ended in time. */
  async #fastest(kind: keyof KernelVariants, usual: Trial, [tokens, products]: readonly [number, number], deadline: number): Promise<Trial> {
    let best = usual;
    if (usual.ms === Infinity) return best;
    for (const { [kind]: way } of this.#alternatives(kind)) {
      const variants = { ...best.variants, [kind]: way };
      this.#backend.variants?.use(variants);
      const ms = await this.#least(tokens, products, deadline);
      if (ms < CLEARLY_LESS * best.ms) best = { variants, ms };
    }
    this.#backend.variants?.use(best.variants);
    return best;
  }

  #alternatives(kind: keyof KernelVariants): KernelVariants[] {
    const ways = this.#backend.variants?.[kind].slice(1) ?? [];
    return ways.map((way) => ({ ...USUAL_VARIANTS, [kind]: way }));
  }

  async #warm(variants: KernelVariants, tokens: number): Promise<void> {
    this.#backend.variants?.use(variants);
    await this.#run(tokens, 1);
  }

  /** Least milliseconds of the runs that end in time; Infinity where none does. */
  async #least(tokens: number, products: number, deadline: number): Promise<number> {
    let least = Infinity;
    const enough = this.#clock.now() + 2 * RUN_MS;
    for (let i = 0; i < REPEATS; i++) {
      const started = this.#clock.now();
      if (started >= deadline || (i > 0 && started >= enough)) break;
      const ended = this.#run(tokens, products).then(() => true);
      if (!(await Promise.race([ended, this.#clock.after(deadline - started).then(() => false)]))) break;
      least = Math.min(least, this.#clock.now() - started);
    }
    return least;
  }

  /** A step, and the wait for its result. */
  async #run(tokens: number, products: number): Promise<void> {
    const backend = this.#backend;
    backend.begin(new Array<number>(tokens).fill(0), 0);
    for (let i = 0; i < products; i++) backend.multiply(this.#x, [{ matrix: this.#matrix, out: this.#out }], 'all', false);
    backend.end();
    await backend.likeliest(this.#out, this.#task.rows);
  }
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

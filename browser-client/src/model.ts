import { FacetError } from './errors';
import type { AnswerOptions, ComponentChoice, GenerateOptions, GenerationStats, ModelStats, Piece } from './options';
import type { ComponentName } from './runtime/components';
import type { Plan } from './transport/wire';
import { PieceQueue } from './worker/piece-queue';
import type { Answer } from './worker/protocol';
import type { WorkerClient } from './worker/worker-client';

/** The prompt of LLaVA models. */
const ANSWER_TEMPLATE = '<image>\nUSER: {question}\nASSISTANT:';

type State = Extract<Answer, { kind: 'state' }>;

/** A loaded model. It lives in the worker; this object is the page's handle. */
export class Model {
  readonly id: string;
  readonly #worker: WorkerClient;
  readonly #handle: number;
  readonly #onUnload: () => void;
  readonly #completion: { promise: Promise<void>; resolve: () => void; reject: (error: FacetError) => void };
  #plan: Plan;
  #stats: ModelStats;
  #unloaded = false;

  /** @internal Made by `Facet.load`. */
  constructor(worker: WorkerClient, handle: number, id: string, plan: Plan, stats: ModelStats, onUnload: () => void) {
    this.#worker = worker;
    this.#handle = handle;
    this.id = id;
    this.#plan = plan;
    this.#stats = stats;
    this.#onUnload = onUnload;
    this.#completion = deferred();
    this.#completion.promise.catch(() => undefined);
    if (stats.load.readyMs !== null) this.#completion.resolve();
  }

  /** What was chosen for this browser, with the reason for each choice; another plan after a failure of its device. */
  get plan(): Plan {
    return this.#plan;
  }

  /** Settles once every planned plane is merged; at once unless the model was loaded with `early`. */
  get complete(): Promise<void> {
    return this.#completion.promise;
  }

  /**
   * Generates text piece by piece. Leaving the loop early stops the generation; the model is free when the loop is left.
   * Where the graphics device fails on the way the model is loaded again, on WASM if need be, and the text goes on.
   *
   * @throws FacetError `context-exceeded`, `invalid-argument`, `busy`, `aborted`, `device-lost`, `numeric-failure`
   */
  async *generate(prompt: string, options: GenerateOptions = {}): AsyncGenerator<Piece, GenerationStats, void> {
    if (this.#unloaded) throw new FacetError('closed', 'This model was unloaded.');
    const { signal, ...settings } = options;
    const stop = new AbortController();
    const abort = () => stop.abort();
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    const queue = new PieceQueue(settings.returnTokenIds === true);
    const finished = this.#worker.call<'generate'>(
      { verb: 'generate', model: this.#handle, prompt, settings },
      { signal: stop.signal, onPiece: queue.push },
    );
    finished.then(queue.end, queue.fail);
    try {
      yield* queue;
      const { generation, stats } = await finished;
      this.#stats = stats;
      if (signal?.aborted) throw new FacetError('aborted', 'The generation was aborted.');
      return generation;
    } finally {
      signal?.removeEventListener('abort', abort);
      stop.abort();
      await finished.catch(() => undefined);
    }
  }

  /**
   * The answer to a question about a picture, of a model that is given pictures. The picture is scaled to the square that
   * the model looks at; the likeliest tokens are taken unless `temperature` is given.
   *
   * @throws FacetError as `generate`, and `invalid-argument` for a model that is given no pictures
   */
  async answer(image: ImageBitmap, question: string, options: AnswerOptions = {}): Promise<string> {
    if (this.#unloaded) throw new FacetError('closed', 'This model was unloaded.');
    const { signal, template = ANSWER_TEMPLATE, ...given } = options;
    const settings = { greedy: given.temperature === undefined, ...given };
    const request = { verb: 'answer', model: this.#handle, image, question, template, settings } as const;
    const { text, stats } = await this.#worker.call<'answer'>(request, { signal });
    this.#stats = stats;
    return text;
  }

  /**
   * A vector for each text, of a model that is a text encoder; vectors of texts alike point alike. Texts longer than the
   * model's context are cut.
   *
   * @throws FacetError `invalid-argument` for a model that writes text, `busy`, `aborted`
   */
  async embed(texts: readonly string[], options: { readonly signal?: AbortSignal } = {}): Promise<Float32Array[]> {
    if (this.#unloaded) throw new FacetError('closed', 'This model was unloaded.');
    const request = { verb: 'embed', model: this.#handle, texts } as const;
    const { vectors } = await this.#worker.call<'embed'>(request, { signal: options.signal });
    return [...vectors];
  }

  /**
   * Replaces a component by that of another precision or revision. The present one serves until the new one has been
   * fetched and checked; where that fails nothing has changed.
   *
   * @throws FacetError `component-invalid`, `nothing-fits` where both do not fit beside each other, `invalid-argument`
   *   for a model without that component, `network`, `aborted` and others
   */
  async swapComponent(component: ComponentName, wanted: ComponentChoice, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.#swap(component, wanted, options.signal);
  }

  /** Brings the whole model to another precision; only planes that were never here are fetched. Throws as `swapComponent`. */
  async setPrecision(wanted: Pick<ComponentChoice, 'bits'>, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.#swap(null, wanted, options.signal);
  }

  /** Holds up what is still being loaded in the background; `resumeLoading` lets it go on where it was. */
  pauseLoading(): Promise<void> {
    return this.#steer('pause');
  }

  resumeLoading(): Promise<void> {
    return this.#steer('resume');
  }

  /** Ends what is still being loaded: the model stays at the precision that it has, with the components that are there. */
  cancelLoading(): Promise<void> {
    return this.#steer('cancel');
  }

  /** Present depth, memory and the last measurements. */
  stats(): ModelStats {
    return this.#stats;
  }

  /** Frees the model's memory. Safe to call twice. */
  async unload(): Promise<void> {
    if (this.#unloaded) return;
    this.#unloaded = true;
    this.#onUnload();
    this.#completion.reject(new FacetError('closed', 'This model was unloaded.'));
    await this.#worker.call<'unload'>({ verb: 'unload', model: this.#handle });
  }

  async #swap(component: ComponentName | null, wanted: ComponentChoice, signal: AbortSignal | undefined): Promise<void> {
    if (this.#unloaded) throw new FacetError('closed', 'This model was unloaded.');
    const request = { verb: 'swap', model: this.#handle, component, wanted } as const;
    const { plan, stats } = await this.#worker.call<'swap'>(request, { signal });
    this.#plan = plan;
    this.#stats = stats;
  }

  async #steer(action: 'pause' | 'resume' | 'cancel'): Promise<void> {
    if (this.#unloaded) throw new FacetError('closed', 'This model was unloaded.');
    this.#stats = (await this.#worker.call<'steer'>({ verb: 'steer', model: this.#handle, action })).stats;
  }

  /** @internal The worker's news about this model. */
  accept(state: State): void {
    this.#plan = state.plan;
    this.#stats = state.stats;
    if (state.error) this.#completion.reject(FacetError.deserialize(state.error));
    else if (state.complete) this.#completion.resolve();
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: FacetError) => void } {
  let resolve!: () => void;
  let reject!: (error: FacetError) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

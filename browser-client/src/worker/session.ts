import { probe, type Capabilities } from '../capability/probe';
import { FacetError, type FacetErrorCode } from '../errors';
import type { GenerationStats } from '../options';
import type { LoadProgress } from '../progress';
import { MemoryBudget, type Reservation } from '../runtime/memory-budget';
import { ModelSource } from '../runtime/model-source';
import { ResilientModel } from '../runtime/resilient-model';
import type { RunningModel } from '../runtime/running-model';
import type { ManifestKeys } from '../transport/manifest-signature';
import { ServiceClient } from '../transport/service-client';
import type { Plan } from '../transport/wire';
import { pictureOf } from './pixels';
import { Upkeep } from './upkeep';
import type { Answer, FailureStage, MeasurementContext, Request, Results, Verb } from './protocol';

type RequestOf<V extends Verb> = Extract<Request, { verb: V }>;

/** What the caller did wrong or stopped is no failure of the system. */
const NOT_FAILURES: ReadonlySet<FacetErrorCode> = new Set([
  'aborted', 'busy', 'closed', 'context-exceeded', 'invalid-argument', 'model-not-found',
]);

interface Connection {
  readonly service: ServiceClient;
  readonly profile: string;
  readonly manifestKeys: ManifestKeys | null;
}

/** A model that lives in the worker. */
export interface Resident {
  readonly model: ResilientModel;
  readonly source: ModelSource;
  readonly reservation: Reservation;
  readonly pinned: boolean;
  /** Ends the download that may still be going on. */
  readonly stop: AbortController;
}

/** The worker's end of the protocol: one connection, the models that live here, the requests under way. */
export class WorkerSession {
  readonly #send: (answer: Answer) => void;
  readonly #running = new Map<number, AbortController>();
  readonly #models = new Map<number, Resident>();
  readonly #budget = new MemoryBudget();
  readonly #upkeep = new Upkeep(this.#budget);
  #connection: Connection | null = null;
  #nextModel = 1;

  constructor(send: (answer: Answer) => void) {
    this.#send = send;
  }

  async handle(request: Request): Promise<void> {
    const stop = new AbortController();
    this.#running.set(request.id, stop);
    try {
      this.#send({ kind: 'done', id: request.id, result: await this.#perform(request, stop) });
    } catch (error) {
      this.#send({ kind: 'failed', id: request.id, error: FacetError.from(error).serialize() });
    } finally {
      this.#running.delete(request.id);
    }
  }

  #perform(request: Request, stop: AbortController): Promise<Results[Verb]> {
    switch (request.verb) {
      case 'connect':
        return this.#connect(request, stop.signal);
      case 'load':
        return this.#load(request, stop);
      case 'generate':
        return this.#generate(request, stop.signal);
      case 'answer':
        return this.#answer(request, stop.signal);
      case 'embed':
        return this.#embed(request, stop.signal);
      case 'budget':
        return this.#limitMemory(request.bytes);
      case 'swap':
        return this.#upkeep.swap(this.#resident(request.model), request.component, request.wanted, stop.signal);
      case 'steer':
        return this.#upkeep.steer(this.#resident(request.model), request.action);
      case 'unload':
        return this.#unload(request.model);
      case 'cancel':
        this.#running.get(request.target)?.abort();
        return Promise.resolve(null);
    }
  }

  async #connect({ base, manifestKeys }: RequestOf<'connect'>, signal: AbortSignal): Promise<Results['connect']> {
    const service = new ServiceClient(base);
    const report: Capabilities = await probe();
    if (!report.wasm.simd) throw new FacetError('no-wasm-simd', 'This browser lacks WebAssembly SIMD.');
    const registration = await service.register(report, signal);
    this.#connection = { service, profile: registration.profile, manifestKeys };
    return { report, registration };
  }

  async #load(request: RequestOf<'load'>, stop: AbortController): Promise<Results['load']> {
    const { id, modelId, pin, early, priority } = request;
    const onProgress = (progress: LoadProgress) => this.#send({ kind: 'progress', id, progress });
    const reservation = this.#budget.reserve(priority);
    const source = this.#sourceOf(modelId, pin !== null, reservation, stop.signal);
    try {
      const running = await source.load(pin, early, onProgress);
      return await this.#admit(running, { source, reservation, pinned: pin !== null, stop });
    } catch (error) {
      await reservation.release();
      throw error;
    }
  }

  async #admit(running: RunningModel, parts: Omit<Resident, 'model'>): Promise<Results['load']> {
    const { source, reservation, pinned } = parts;
    this.#reportReplacedKernels(contextOf(running.plan, pinned), running.replacedKernels);
    const handle = this.#nextModel++;
    const model = new ResilientModel(running, {
      reload: (other) => source.load(other, false, () => undefined),
      onFailure: (failure, plan) => this.#measureFailure(contextOf(plan, pinned), failure, 'generation'),
      onRecovery: () => {
        reservation.bind(model);
        this.#tell(handle, model, null);
      },
    });
    this.#models.set(handle, { model, ...parts });
    reservation.bind(model);
    void this.#follow(handle, model, contextOf(running.plan, pinned));
    return { model: handle, plan: model.plan, stats: model.stats() };
  }

  /** Models give planes back, or get them again, and the page learns what they have now. */
  async #limitMemory(bytes: number | null): Promise<null> {
    await this.#budget.setLimit(bytes ?? Infinity);
    for (const [handle, { model }] of this.#models) this.#tell(handle, model, null, model.stats().load.readyMs !== null);
    return null;
  }

  #sourceOf(modelId: string, pinned: boolean, reservation: Reservation, signal: AbortSignal): ModelSource {
    const planless = { plan: null, bundle: null, model: modelId, point: null, backend: null, pinned, sampleRate: 1 };
    return new ModelSource({
      ...this.#connected(), modelId, reservation, signal,
      onFailure: (error, stage, plan) => this.#measureFailure(plan ? contextOf(plan, pinned) : planless, error, stage),
    });
  }

  /** Reports what becomes of a model's last planes. */
  async #follow(handle: number, model: ResilientModel, context: MeasurementContext): Promise<void> {
    try {
      await model.complete();
      const { load, choice, replacedKernels } = model.stats();
      const { bytes, downloadMs, readyMs, cacheHits } = load;
      const kernels = { speeds: choice?.speeds ?? null, variants: choice?.variants ?? null, replacedKernels };
      const measurement = { type: 'load', bytes, downloadMs, readyMs: readyMs!, cacheHits, ...kernels } as const;
      if (!model.recovered) this.#send({ kind: 'measured', context, measurement });
      this.#tell(handle, model, null);
    } catch (error) {
      this.#measureFailure(context, error, 'download');
      this.#tell(handle, model, FacetError.from(error));
    }
  }

  /** Sends a whole model's state to the page, or that it will not become whole. */
  #tell(handle: number, model: ResilientModel, failure: FacetError | null, complete = failure === null): void {
    const error = failure?.serialize() ?? null;
    this.#send({ kind: 'state', model: handle, plan: model.plan, stats: model.stats(), complete, error });
  }

  async #generate(request: RequestOf<'generate'>, signal: AbortSignal): Promise<Results['generate']> {
    const { model, pinned } = this.#resident(request.model);
    const { plan } = model;
    const onPiece = (text: string, ids: readonly number[]) => this.#send({ kind: 'piece', id: request.id, text, ids });
    try {
      const refining = model.stats().load.readyMs === null;
      const generation = await model.generate(request.prompt, request.settings, signal, onPiece);
      // One that changed its backend on the way says nothing of either; one at growing precision has no vote on any.
      if (model.plan === plan) this.#measureGeneration(contextOf(plan, pinned || model.recovered || refining), generation);
      return { generation, stats: model.stats() };
    } catch (error) {
      this.#measureFailure(contextOf(model.plan, pinned), error, 'generation');
      throw error;
    }
  }

  async #answer(request: RequestOf<'answer'>, signal: AbortSignal): Promise<Results['answer']> {
    const { model, pinned } = this.#resident(request.model);
    try {
      const size = model.pictureSize;
      if (size === null) throw new FacetError('invalid-argument', 'This model is given no pictures.');
      let text = '';
      const onPiece = (piece: string) => void (text += piece);
      const picture = pictureOf(request.image, size);
      const generation = await model.describe(picture, request.question, request.template, request.settings, signal, onPiece);
      if (generation.finish === 'aborted') throw new FacetError('aborted', 'The generation was aborted.');
      return { text: text.trim(), generation, stats: model.stats() };
    } catch (error) {
      this.#measureFailure(contextOf(model.plan, pinned), error, 'generation');
      throw error;
    } finally {
      request.image.close();
    }
  }

  async #embed(request: RequestOf<'embed'>, signal: AbortSignal): Promise<Results['embed']> {
    const { model, pinned } = this.#resident(request.model);
    try {
      return { vectors: await model.embed(request.texts, signal) };
    } catch (error) {
      this.#measureFailure(contextOf(model.plan, pinned), error, 'generation');
      throw error;
    }
  }

  async #unload(handle: number): Promise<null> {
    const { model, reservation, stop } = this.#resident(handle);
    this.#models.delete(handle);
    stop.abort();
    model.destroy();
    await reservation.release();
    return null;
  }

  #connected(): Connection {
    if (!this.#connection) throw new FacetError('closed', 'The client is not connected.');
    return this.#connection;
  }

  #resident(handle: number): Resident {
    const resident = this.#models.get(handle);
    if (!resident) throw new FacetError('closed', 'This model was unloaded.');
    return resident;
  }

  /** The model runs, on plainer kernels: whoever watches the fleet learns which devices need a look. */
  #reportReplacedKernels(context: MeasurementContext, labels: readonly string[]): void {
    if (labels.length === 0) return;
    console.warn(`Facet: kernels that this device computes wrongly were replaced: ${labels.join(', ')}`);
    this.#measureFailure(context, new FacetError('kernel-invalid', 'Kernels were replaced.'), 'kernels');
  }

  #measureGeneration(context: MeasurementContext, { finish, tokensPerSecond: _, ...measured }: GenerationStats): void {
    const measurement = { type: 'generation', ...measured, cancelled: finish === 'aborted' } as const;
    this.#send({ kind: 'measured', context, measurement });
  }

  #measureFailure(context: MeasurementContext, error: unknown, stage: FailureStage): void {
    const { code } = FacetError.from(error);
    if (NOT_FAILURES.has(code)) return;
    this.#send({ kind: 'measured', context, measurement: { type: 'failure', code, stage } });
  }
}

function contextOf(plan: Plan, pinned: boolean): MeasurementContext {
  const { bundle, model, backend, point, telemetry } = plan;
  return { plan: plan.plan, bundle, model, point: point.id, backend, pinned, sampleRate: telemetry?.sampleRate ?? 1 };
}

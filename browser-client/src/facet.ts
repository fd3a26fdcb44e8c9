import { FacetError } from './errors';
import { Model } from './model';
import { deepFreeze } from './capability/deep-freeze';
import type { ConnectOptions, LoadOptions } from './options';
import { TelemetryClient } from './telemetry/telemetry-client';
import { ServiceClient } from './transport/service-client';
import type { CapabilityReport, ModelSummary, ProfileRegistration } from './transport/wire';
import { WorkerClient, type Broadcast } from './worker/worker-client';

/** How the service knows this browser. */
export interface DeviceProfile {
  readonly id: string;
  readonly deviceClass: string;
  /** One sentence for people. */
  readonly description: string;
}

/** The connected client: one worker, one device profile, any number of models. */
export class Facet {
  /** What this browser can do, as measured. */
  readonly report: CapabilityReport;
  readonly profile: DeviceProfile;
  readonly #worker: WorkerClient;
  readonly #service: ServiceClient;
  readonly #telemetry: TelemetryClient | null;
  readonly #models: Map<number, Model>;

  private constructor(
    worker: WorkerClient,
    service: ServiceClient,
    models: Map<number, Model>,
    telemetry: TelemetryClient | null,
    report: CapabilityReport,
    registration: ProfileRegistration,
  ) {
    this.#worker = worker;
    this.#service = service;
    this.#models = models;
    this.#telemetry = telemetry;
    this.report = deepFreeze(report);
    this.profile = Object.freeze({
      id: registration.profile,
      deviceClass: registration.deviceClass,
      description: registration.description,
    });
  }

  /**
   * Starts the worker, probes this browser and registers it.
   *
   * @param base origin (or path) of the services, `'/'` for the page's own
   * @throws FacetError `insecure-context`, `network`, `service-problem`
   */
  static async connect(base: string | URL = '/', options: ConnectOptions = {}): Promise<Facet> {
    if (!globalThis.isSecureContext) {
      throw new FacetError('insecure-context', 'Hashes cannot be verified here: the page is not a secure context.');
    }
    const origin = new URL(base, location.href).href;
    const models = new Map<number, Model>();
    let telemetry: TelemetryClient | null = null;
    const worker = new WorkerClient(startWorker(), (broadcast) => dispatch(broadcast, models, telemetry));
    try {
      const connected = await worker.call<'connect'>(
        { verb: 'connect', base: origin, manifestKeys: options.manifestKeys ?? null },
        { signal: options.signal },
      );
      if (options.telemetry !== false) telemetry = new TelemetryClient(origin, connected.registration.session);
      const service = new ServiceClient(origin);
      return new Facet(worker, service, models, telemetry, connected.report, connected.registration);
    } catch (error) {
      worker.close();
      throw error;
    }
  }

  /** The models that the operator published or is importing. */
  models(signal?: AbortSignal): Promise<readonly ModelSummary[]> {
    return this.#service.models(signal);
  }

  /**
   * Plans, fetches and prepares a model.
   *
   * @throws FacetError `nothing-fits` (with what would fit in `problem.wouldFit`), `model-not-found`, `integrity`,
   *   `out-of-memory`, `aborted` and others; each with a remedy
   */
  async load(modelId: string, options: LoadOptions = {}): Promise<Model> {
    const { early = false, priority = 0, onProgress, signal } = options;
    const pin = options.pin && Object.keys(options.pin).length > 0 ? options.pin : null;
    const loaded = await this.#worker.call<'load'>({ verb: 'load', modelId, pin, early, priority }, { onProgress, signal });
    const model = new Model(this.#worker, loaded.model, modelId, loaded.plan, loaded.stats, () => {
      this.#models.delete(loaded.model);
    });
    this.#models.set(loaded.model, model);
    return model;
  }

  /**
   * Limits the memory that all models take together. Models that take more give planes back at once, those first that are
   * missed least, and get them again from the browser's store when there is room; a sentence under way goes on.
   *
   * @param bytes null for no limit but the device's
   * @throws FacetError `nothing-fits` where less than the base planes of all models would fit: nothing has changed then
   */
  async setMemoryBudget(bytes: number | null): Promise<void> {
    if (bytes !== null && !(bytes > 0)) throw new FacetError('invalid-argument', 'setMemoryBudget: bytes must be above 0, or null.');
    await this.#worker.call<'budget'>({ verb: 'budget', bytes });
  }

  /** Sends what telemetry is left and ends the worker with all its models. */
  close(): void {
    this.#telemetry?.close();
    this.#worker.close();
    this.#models.clear();
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module', name: 'facet' });
}

function dispatch(broadcast: Broadcast, models: Map<number, Model>, telemetry: TelemetryClient | null): void {
  if (broadcast.kind === 'measured') telemetry?.record(broadcast.context, broadcast.measurement);
  else models.get(broadcast.model)?.accept(broadcast);
}

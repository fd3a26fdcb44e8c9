import { FacetError, type ConnectOptions, type Facet, type Model, type ModelSummary } from '../../../../src';
import { preferences } from '../../shared/preferences';
import { importing, isUsable } from './catalogue';
import { Comparison } from './comparison';
import { noticeOf } from './notices';
import { PictureQuestions } from './picture-questions';
import { INITIAL_STATE, activityOf, reduce, type SessionEvent, type SessionState } from './session-state';
import { generateOptions, loadKey, pinOf, type Settings } from './settings';

const MODEL_KEY = 'model';
const CONSENT_KEY = 'telemetry';
/** How often to look for models while none can be used or one is being imported, in milliseconds. */
const POLL_MS = 3000;

export interface SessionPorts {
  readonly connect: (options: ConnectOptions) => Promise<Facet>;
  readonly listModels: () => Promise<readonly ModelSummary[]>;
  readonly now: () => number;
  /** Told of each new client, and of `null` when it was closed. */
  readonly onClient: (facet: Facet | null) => void;
}

/** What a person does with the page: connects, chooses a model, writes, stops. Framework-free; views subscribe. */
export class PlaygroundSession {
  readonly #ports: SessionPorts;
  readonly #listeners = new Set<() => void>();
  #state: SessionState = INITIAL_STATE;
  #consent = preferences.get(CONSENT_KEY) !== 'off';
  #facet: Facet | null = null;
  #model: { readonly key: string; readonly handle: Model } | null = null;
  #comparison: Comparison | null = null;
  #questions: PictureQuestions | null = null;
  #running: AbortController | null = null;
  #polling: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): SessionState => this.#state;

  /** Whether measurements are sent. */
  get consent(): boolean {
    return this.#consent;
  }

  /** Probes and registers this browser and reads the list of models; both at once, each with its own outcome. */
  async start(): Promise<void> {
    await Promise.all([this.#connect(), this.refreshModels()]);
  }

  async refreshModels(): Promise<void> {
    clearTimeout(this.#polling);
    try {
      const models = await this.#ports.listModels();
      this.#dispatch({ type: 'models', models, remembered: preferences.get(MODEL_KEY) });
      if (importing(models).length > 0 || !models.some(isUsable)) this.#pollModels();
    } catch (thrown) {
      this.#dispatch({ type: 'models-failed', notice: noticeOf(thrown) });
      this.#pollModels();
    }
  }

  choose(model: string): void {
    preferences.set(MODEL_KEY, model);
    this.#dispatch({ type: 'chosen', model });
  }

  /** Consent is part of a connection, so a change connects anew; the model comes from the browser's own store. */
  async setConsent(consent: boolean): Promise<void> {
    this.#consent = consent;
    preferences.set(CONSENT_KEY, consent ? null : 'off');
    this.stop();
    await this.#connect();
  }

  /** Loads the chosen model if need be and continues the prompt. One at a time; a second call does nothing. */
  async write(prompt: string, settings: Settings): Promise<void> {
    const { chosen } = this.#state;
    if (this.#running || !this.#facet || chosen === null) return;
    const running = new AbortController();
    this.#running = running;
    const attempt = async () => {
      const model = await this.#ready(chosen, settings, running.signal);
      await this.#generate(model, prompt, settings, running.signal);
    };
    try {
      await attempt().catch((thrown: unknown) => this.#reconnected(thrown).then(attempt));
    } catch (thrown) {
      this.#ended(thrown);
    } finally {
      this.#running = null;
    }
  }

  stop(): void {
    this.#running?.abort();
  }

  /**
   * How near two texts are in meaning by a text encoder, which is loaded when first asked.
   *
   * @throws FacetError as `Facet.load` and `Model.embed`
   */
  async compare(encoder: string, first: string, second: string): Promise<number> {
    if (!this.#facet) throw new FacetError('closed', 'This page is not connected.');
    this.#comparison ??= new Comparison(this.#facet, encoder);
    return this.#comparison.similarity(first, second);
  }

  /**
   * What a model that looks at pictures, loaded when first asked, answers to a question about one.
   *
   * @throws FacetError as `Facet.load` and `Model.answer`
   */
  async ask(model: string, picture: ImageBitmap, question: string): Promise<string> {
    if (!this.#facet) throw new FacetError('closed', 'This page is not connected.');
    this.#questions ??= new PictureQuestions(this.#facet, model);
    return this.#questions.answer(picture, question);
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    this.#disconnect();
    this.#dispatch({ type: 'connecting' });
    try {
      const facet = await this.#ports.connect({ telemetry: this.#consent });
      if (attempt !== this.#attempt) return facet.close();
      this.#facet = facet;
      this.#ports.onClient(facet);
      this.#dispatch({ type: 'connected', profile: facet.profile, report: facet.report });
    } catch (thrown) {
      if (attempt === this.#attempt) this.#dispatch({ type: 'connection-failed', notice: noticeOf(thrown) });
    }
  }

  /** A session ends after some hours: then this browser registers anew. Any other failure stays one. */
  async #reconnected(thrown: unknown): Promise<void> {
    if (FacetError.from(thrown).code !== 'session-expired') throw thrown;
    await this.#connect();
    if (!this.#facet) throw thrown;
  }

  #disconnect(): void {
    if (!this.#facet) return;
    this.#facet.close();
    this.#facet = null;
    this.#model = null;
    this.#comparison = null;
    this.#questions = null;
    this.#ports.onClient(null);
  }

  #pollModels(): void {
    this.#polling = setTimeout(() => void this.refreshModels(), POLL_MS);
  }

  async #ready(id: string, settings: Settings, signal: AbortSignal): Promise<Model> {
    const key = loadKey(id, settings);
    if (this.#model?.key === key && this.#state.loading.phase === 'loaded') return this.#model.handle;
    this.#dispatch({ type: 'load-started' });
    await this.#model?.handle.unload();
    this.#model = null;
    const pin = pinOf(settings);
    const handle = await this.#facet!.load(id, {
      signal,
      early: true,
      onProgress: (progress) => this.#dispatch({ type: 'progress', progress }),
      ...(pin ? { pin } : {}),
    });
    this.#model = { key, handle };
    this.#dispatch({ type: 'loaded', plan: handle.plan });
    handle.complete.catch((thrown) => this.#unrefined(handle, thrown));
    return handle;
  }

  /** The model writes on, at the precision that it has. */
  #unrefined(handle: Model, thrown: unknown): void {
    if (this.#model?.handle === handle) this.#dispatch({ type: 'refinement-failed', notice: noticeOf(thrown) });
  }

  async #generate(model: Model, prompt: string, settings: Settings, signal: AbortSignal): Promise<void> {
    this.#dispatch({ type: 'writing-started', prompt, now: this.#ports.now() });
    const pieces = model.generate(prompt, { ...generateOptions(settings), signal });
    for (;;) {
      const next = await pieces.next();
      if (next.done) return this.#dispatch({ type: 'writing-ended', phase: 'done', stats: next.value });
      const { text, ids } = next.value;
      this.#dispatch({ type: 'piece', text, tokens: ids?.length ?? 0, now: this.#ports.now() });
    }
  }

  #ended(thrown: unknown): void {
    const stopped = FacetError.from(thrown).code === 'aborted' || this.#running?.signal.aborted === true;
    if (!stopped) return this.#dispatch({ type: 'failed', notice: noticeOf(thrown) });
    if (activityOf(this.#state) === 'writing') {
      this.#dispatch({ type: 'writing-ended', phase: 'stopped', stats: this.#model?.handle.stats().generation ?? null });
    } else {
      this.#dispatch({ type: 'load-stopped' });
    }
  }

  #dispatch(event: SessionEvent): void {
    this.#state = reduce(this.#state, event);
    for (const listener of this.#listeners) listener();
  }
}

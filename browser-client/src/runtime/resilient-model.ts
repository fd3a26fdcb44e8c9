import { FacetError } from '../errors';
import type { GenerationStats, ModelStats } from '../options';
import type { Pin, Plan } from '../transport/wire';
import type { GenerateSettings } from '../worker/protocol';
import type { Answer, OnPiece } from './answer';
import type { BundleSource } from './bundle-source';
import type { ComponentName } from './components';
import { fallbackPins } from './fallback';
import type { Picture } from './picture-encoder';
import type { Needs } from './residency';
import type { RunningModel } from './running-model';

/** How a model gets another backend, and who is told. */
export interface Failover {
  /** Plans the model anew and loads it whole. */
  readonly reload: (pin: Pin) => Promise<RunningModel>;
  /** Told of what a backend failed with, before another is looked for. */
  readonly onFailure: (failure: FacetError, plan: Plan) => void;
  readonly onRecovery: () => void;
}

/**
 * A model that outlives its backend: when the graphics device is lost or computes what is no number, the model is loaded
 * under a smaller plan, or on WASM, and the sentence under way goes on there where it was.
 */
export class ResilientModel {
  readonly #failover: Failover;
  #running: RunningModel;
  #recovery: Promise<void> | null = null;
  #recoveries = 0;
  #destroyed = false;

  constructor(running: RunningModel, failover: Failover) {
    this.#running = running;
    this.#failover = failover;
  }

  get plan(): Plan {
    return this.#running.plan;
  }

  /** Whether a backend has failed since the model was loaded. */
  get recovered(): boolean {
    return this.#recoveries > 0;
  }

  /** Settles when every planned plane is merged, on whatever backend that is, or when fetching them failed. */
  async complete(): Promise<void> {
    const running = this.#running;
    try {
      await running.complete;
    } catch (error) {
      await this.#recovery?.catch(() => undefined);
      if (running === this.#running) throw error;
      await this.complete();
    }
  }

  /**
   * Generates from a prompt, or from ids in its place.
   *
   * @throws FacetError `busy`, `context-exceeded`, `invalid-argument`; `device-lost`, `numeric-failure` and others where no
   *   other plan helped
   */
  async generate(prompt: string, settings: GenerateSettings, signal: AbortSignal, onPiece: OnPiece): Promise<GenerationStats> {
    const answer = this.#running.answer(prompt, settings, signal, onPiece);
    return this.#persist((running) => running.write(answer), tokensOf(answer));
  }

  /**
   * A vector for each text.
   *
   * @throws FacetError `busy`, `invalid-argument` for a model that writes text, `aborted`; others where no other plan helped
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array<ArrayBuffer>[]> {
    // An encoder takes texts as long as it was made for: less context would change nothing.
    return this.#persist((running) => running.embed(texts, signal), this.plan.contextLength);
  }

  /** Side of the pictures that `describe` takes, in pixels; null where it takes none. */
  get pictureSize(): number | null {
    return this.#running.pictureSize;
  }

  /**
   * Writes what follows a picture and a question.
   *
   * @param template holds `<image>` where the picture and `{question}` where the question goes
   * @throws FacetError as `generate`, and `invalid-argument` for a model that is given no pictures
   */
  async describe(
    picture: Picture, question: string, template: string, settings: GenerateSettings, signal: AbortSignal, onPiece: OnPiece,
  ): Promise<GenerationStats> {
    const answer = this.#running.answerAbout(question, template, settings, signal, onPiece);
    return this.#persist((running) => running.describe(picture, answer), tokensOf(answer));
  }

  stats(): ModelStats {
    return this.#running.stats();
  }

  /** Bytes that it takes at least, and with all its planes. */
  get needs(): Needs {
    return this.#running.residency.needs;
  }

  /**
   * Makes it take at most so many bytes; with more room than before, planes come back.
   *
   * @throws FacetError `nothing-fits` where less than its base planes would fit
   */
  async fit(bytes: number): Promise<void> {
    await this.#recovery?.catch(() => undefined);
    if (!this.#destroyed) await this.#running.residency.fit(bytes);
  }

  /**
   * Puts another bundle's component in the place of the present one, once it has been checked.
   *
   * @throws FacetError `component-invalid`, `nothing-fits`, `invalid-argument` and others: nothing has changed then
   */
  swap(name: ComponentName, bundle: BundleSource, room: number, signal: AbortSignal): Promise<void> {
    return this.#running.residency.swap(name, bundle, room, signal);
  }

  /** Components that the model has, in memory or on their way. */
  get components(): readonly ComponentName[] {
    return this.#running.residency.names;
  }

  /** Holds up what is still being brought, lets it go on, or ends it. */
  steer(action: 'pause' | 'resume' | 'cancel'): void {
    if (action === 'cancel') this.#running.cancel();
    else this.#running.pause(action === 'pause');
  }

  destroy(): void {
    this.#destroyed = true;
    this.#running.destroy();
  }

  /** Does something with whatever backend holds out. */
  async #persist<T>(work: (running: RunningModel) => Promise<T>, tokens: number): Promise<T> {
    for (;;) {
      if (this.#recovery) throw new FacetError('busy', 'This model is being loaded again after a failure of the device.');
      try {
        return await work(this.#running);
      } catch (error) {
        await this.#recover(FacetError.from(error), tokens);
      }
    }
  }

  /**
   * @param tokens that the context has to hold
   * @throws the failure itself where no other plan helps
   */
  async #recover(failure: FacetError, tokens: number): Promise<void> {
    // A graphics device that fails twice would fail for ever.
    const again = this.#recoveries === 0;
    const pins = fallbackPins(failure.code, this.plan, tokens, again);
    if (pins.length === 0 || this.#destroyed) throw failure;
    this.#recoveries++;
    this.#recovery = this.#replace(pins, failure);
    try {
      await this.#recovery;
    } finally {
      this.#recovery = null;
    }
  }

  async #replace(pins: readonly Pin[], failure: FacetError): Promise<void> {
    this.#failover.onFailure(failure, this.plan);
    // Two copies of the weights would be more than many devices hold.
    const lost = this.#running;
    lost.destroy();
    this.#running = await this.#firstOf(pins, lost, failure);
    if (this.#destroyed) this.#running.destroy();
    this.#failover.onRecovery();
  }

  /** What another plan makes of the model; where none is to be had, off line for one, itself with fewer planes. */
  async #firstOf(pins: readonly Pin[], lost: RunningModel, failure: FacetError): Promise<RunningModel> {
    for (const pin of pins) {
      const running = await this.#failover.reload(pin).catch(() => null);
      if (running) return running;
    }
    await lost.residency.restore().catch(() => {
      throw failure;
    });
    return lost;
  }
}

/** Tokens that a context has to hold for an answer. */
function tokensOf({ request }: Answer): number {
  return request.prompt.length + request.maxTokens;
}

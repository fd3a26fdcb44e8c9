import { FacetError } from '../errors';
import type { KernelBackend } from '../kernels/backend';
import type { FinishReason, GenerationStats, ModelStats } from '../options';
import { TextStream } from '../tokenizer/text-stream';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';
import type { ModelConfig, Plan } from '../transport/wire';
import type { GenerateSettings } from '../worker/protocol';
import { Answer, type OnPiece } from './answer';
import type { BackendChoice } from './backend-choice';
import type { ComponentSet } from './component';
import type { ComponentName } from './components';
import type { Delivery } from './delivery';
import { Generation } from './generation';
import { toRequest } from './generation-request';
import type { LlamaDecoder } from './llama-decoder';
import type { LoadTracker } from './load-tracker';
import { patchesOf, type Picture } from './picture-encoder';
import type { Residency } from './residency';
import { yieldTurn } from './turn';

interface Parts {
  readonly choice: BackendChoice | null;
  readonly components: ComponentSet;
  readonly delivery: Delivery;
  readonly residency: Residency;
  readonly tokenizer: TextTokenizer;
  readonly tracker: LoadTracker;
  readonly usableMs: number;
  /** Brings the planes and components that are still missing. */
  readonly finish: () => Promise<{ downloadMs: number; readyMs: number }>;
  /** Ends that. */
  readonly stop: () => void;
}

/** A model in the worker: it answers from its base planes on, and refines until its plan is met. */
export class RunningModel {
  /** Settles when every planned plane is merged, or when fetching them failed. */
  readonly complete: Promise<void>;
  readonly #parts: Parts;
  readonly #config: ModelConfig;
  #finished: { downloadMs: number; readyMs: number } | null = null;
  #generation: GenerationStats | null = null;
  #busy = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#config = parts.delivery.bundle.manifest.config;
    this.complete = parts.finish().then((finished) => {
      this.#finished = finished;
    });
    this.complete.catch(() => undefined);
    parts.residency.follow(this.complete);
  }

  /** @throws FacetError `invalid-argument` for a text encoder */
  get decoder(): LlamaDecoder {
    const decoder = this.#parts.components.engine('text-decoder');
    if (!decoder) throw new FacetError('invalid-argument', 'This model turns texts to vectors: call embed.');
    return decoder;
  }

  get plan(): Plan {
    return this.#parts.residency.plan;
  }

  get backend(): 'wasm' | 'webgpu' {
    return this.#parts.delivery.bundle.manifest.runtime.backend;
  }

  /** Kernels that failed their check on this device, so that plain ones run in their place. */
  get replacedKernels(): readonly string[] {
    return [...new Set(this.#parts.components.all.flatMap(({ part }) => part.backend.replaced ?? []))];
  }

  /**
   * Generates from a prompt, or from ids in its place.
   *
   * @throws FacetError `busy`, `context-exceeded`, `invalid-argument`, `device-lost`, `numeric-failure`
   */
  generate(prompt: string, settings: GenerateSettings, signal: AbortSignal, onPiece: OnPiece): Promise<GenerationStats> {
    return this.write(this.answer(prompt, settings, signal, onPiece));
  }

  /**
   * An answer with nothing written yet.
   *
   * @throws FacetError `invalid-argument`
   */
  answer(prompt: string, settings: GenerateSettings, signal: AbortSignal, onPiece: OnPiece): Answer {
    const { tokenizer } = this.#parts;
    const request = toRequest(prompt, settings, tokenizer, this.#config, signal);
    return new Answer(request, new TextStream((ids) => tokenizer.decode(ids)), onPiece);
  }

  /**
   * Writes an answer, or goes on with one that another model of the same tokenizer began.
   *
   * @throws FacetError `busy`, `context-exceeded`, `device-lost`, `numeric-failure`
   */
  write(answer: Answer): Promise<GenerationStats> {
    return this.#occupied(() => this.#write(answer, null));
  }

  /**
   * Writes until the answer is whole. Where somebody waits to change the components this makes way between two tokens, and
   * goes on with what is there then.
   *
   * @param features of a picture, in the place of the tokens that stand for one
   */
  async #write(answer: Answer, features: Float32Array | null): Promise<GenerationStats> {
    let reused: number | null = null;
    for (;;) {
      const run = await this.#parts.residency.turns.run(() => this.#writeOn(answer, features));
      reused ??= run.reused;
      if (run.finish === null) continue;
      answer.end();
      this.#generation = answer.stats(run.finish, reused);
      return this.#generation;
    }
  }

  async #writeOn(answer: Answer, features: Float32Array | null): Promise<{ finish: FinishReason | null; reused: number }> {
    const { decoder } = this;
    decoder.show(features);
    const { turns } = this.#parts.residency;
    const generation = new Generation(decoder, this.#backendOf('text-decoder').maxStep, answer.request, answer.tokens);
    const tokens = generation.run();
    for (;;) {
      const { done, value } = await tokens.next();
      if (done) return { finish: value, reused: generation.reused };
      answer.add(value);
      if (!turns.contended) continue;
      await tokens.return('aborted');
      return { finish: null, reused: generation.reused };
    }
  }

  async #occupied<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new FacetError('busy', 'This model is at work already.');
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
    }
  }

  #backendOf(name: ComponentName): KernelBackend {
    return this.#parts.components.get(name)!.part.backend;
  }

  /** Side of the pictures that `describe` takes, in pixels; null where it takes none. */
  get pictureSize(): number | null {
    return this.#config.vision?.imageSize ?? null;
  }

  /**
   * The answer to a question about a picture, with nothing written yet.
   *
   * @param template holds `<image>` where the picture and `{question}` where the question goes
   * @throws FacetError `invalid-argument`, for a model that is given no pictures too
   */
  answerAbout(question: string, template: string, settings: GenerateSettings, signal: AbortSignal, onPiece: OnPiece): Answer {
    const { tokenizer } = this.#parts;
    const { vision } = this.#config;
    if (!vision) throw new FacetError('invalid-argument', 'This model is given no pictures.');
    const [before, after, ...more] = template.split('<image>');
    if (after === undefined || more.length > 0) throw new FacetError('invalid-argument', 'template holds no <image>, or several.');
    const places = new Array<number>(patchesOf(vision)).fill(vision.imageTokenId);
    const fill = (text: string) => text.replace('{question}', () => question);
    const ids = [...tokenizer.encode(fill(before!)), ...places, ...tokenizer.encodePlain(fill(after))];
    return this.answer('', { ...settings, ids }, signal, onPiece);
  }

  /**
   * Looks at a picture and writes the answer about it, or goes on with one that another model of the same tokenizer began.
   * Waits for the components that look at pictures where they have not come yet.
   *
   * @throws FacetError as `write`, and `invalid-argument` for a model that is given no pictures
   */
  describe(picture: Picture, answer: Answer): Promise<GenerationStats> {
    if (!this.#config.vision) throw new FacetError('invalid-argument', 'This model is given no pictures.');
    return this.#occupied(async () => this.#write(answer, await this.#features(picture)));
  }

  /** The vectors that stand for a picture. */
  async #features(picture: Picture): Promise<Float32Array> {
    const { components, delivery, residency } = this.#parts;
    delivery.hurry();
    await Promise.all([components.arrival('vision-encoder'), components.arrival('projector')]);
    return residency.turns.run(async () => {
      const rows = await components.engine('vision-encoder')!.encode(picture);
      return components.engine('projector')!.project(rows);
    });
  }

  /**
   * A vector for each text.
   *
   * @throws FacetError `busy`, `invalid-argument` for a model that writes text, `aborted`
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array<ArrayBuffer>[]> {
    if (!this.#config.embedding) throw new FacetError('invalid-argument', 'This model writes text: it gives no vectors.');
    return this.#occupied(async () => {
      const vectors: Float32Array<ArrayBuffer>[] = [];
      for (const text of texts) {
        signal.throwIfAborted();
        vectors.push(await this.#vector(this.#parts.tokenizer.encode(text)));
        await yieldTurn();
      }
      return vectors;
    });
  }

  #vector(ids: readonly number[]): Promise<Float32Array<ArrayBuffer>> {
    if (ids.length === 0) throw new FacetError('invalid-argument', 'A text without any token has no vector.');
    return this.#parts.residency.turns.run(() => this.#parts.components.engine('text-encoder')!.embed(ids));
  }

  /** How much of the model is in memory, and how that is changed. */
  get residency(): Residency {
    return this.#parts.residency;
  }

  /** Holds up what is still being brought, or lets it go on. */
  pause(paused: boolean): void {
    const { gate } = this.#parts.delivery;
    if (paused) gate.pause();
    else gate.resume();
  }

  /** Ends what is still being brought; the model stays at the precision that it has. */
  cancel(): void {
    if (this.#finished) return;
    this.#parts.delivery.halt(new FacetError('aborted', 'The rest of the model was not fetched: loading was cancelled.'));
  }

  stats(): ModelStats {
    const { tracker, choice, delivery, components, residency, usableMs } = this.#parts;
    const { present, planned } = residency.bits;
    const { memory } = components;
    const engine = components.engine('text-decoder') ?? components.engine('text-encoder');
    return {
      backend: this.backend,
      choice,
      replacedKernels: this.replacedKernels,
      threads: { ...delivery.bundle.threads, count: components.all[0]?.part.backend.threads ?? 1 },
      contextLength: engine?.capacity ?? this.plan.contextLength,
      bitsPresent: present,
      bitsPlanned: planned,
      memory: { ...memory, totalBytes: memory.weightBytes + memory.kvBytes + memory.workBytes },
      components: components.all.map(({ part }) => ({ name: part.name, point: part.bundle.manifest.point, revision: part.bundle.manifest.revision, weightBytes: part.backend.memory.weightBytes })),
      paused: delivery.gate.shut,
      load: {
        bytes: tracker.networkBytes,
        downloadMs: this.#finished?.downloadMs ?? 0,
        usableMs,
        readyMs: this.#finished?.readyMs ?? null,
        cacheHits: tracker.cacheHits,
        damagedFrames: tracker.damagedFrames,
      },
      generation: this.#generation,
    };
  }

  /** Stops what is still being fetched and frees the components. */
  destroy(): void {
    this.#parts.stop();
    this.#parts.components.destroy();
  }
}

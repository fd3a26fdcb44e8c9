import type { ThreadChoice } from '../capability/threads';
import { FacetError } from '../errors';
import type { GenerationStats, ModelStats } from '../options';
import type { KernelBackend } from '../kernels/backend';
import type { BackendChoice } from './backend-choice';
import { TextStream } from '../tokenizer/text-stream';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';
import type { BundleManifest, Plan } from '../transport/wire';
import type { GenerateSettings } from '../worker/protocol';
import { Answer, type OnPiece } from './answer';
import { Generation } from './generation';
import type { LlamaDecoder } from './llama-decoder';
import type { LoadTracker } from './load-tracker';
import { toRequest } from './generation-request';
import { patchesOf, type Picture, type PictureEncoder } from './picture-encoder';
import type { TextEmbedder } from './text-embedder';
import { yieldTurn } from './turn';

interface Parts {
  readonly plan: Plan;
  readonly manifest: BundleManifest;
  readonly backend: KernelBackend;
  readonly choice: BackendChoice | null;
  readonly threads: ThreadChoice;
  /** Null for a text encoder. */
  readonly decoder: LlamaDecoder | null;
  /** Null for what writes text. */
  readonly embedder: TextEmbedder | null;
  /** Null for what is given no pictures. */
  readonly pictures: PictureEncoder | null;
  readonly tokenizer: TextTokenizer;
  readonly tracker: LoadTracker;
  readonly usableMs: number;
  /** Brings the planes that are still missing. */
  readonly finish: () => Promise<{ downloadMs: number; readyMs: number }>;
  /** Ends that. */
  readonly stop: () => void;
}

/** A model in the worker: it answers from its base planes on, and refines until its plan is met. */
export class RunningModel {
  /** Settles when every planned plane is merged, or when fetching them failed. */
  readonly complete: Promise<void>;
  readonly #parts: Parts;
  #finished: { downloadMs: number; readyMs: number } | null = null;
  #generation: GenerationStats | null = null;
  #busy = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.complete = parts.finish().then((finished) => {
      this.#finished = finished;
    });
    this.complete.catch(() => undefined);
  }

  /** @throws FacetError `invalid-argument` for a text encoder */
  get decoder(): LlamaDecoder {
    const { decoder } = this.#parts;
    if (!decoder) throw new FacetError('invalid-argument', 'This model turns texts to vectors: call embed.');
    return decoder;
  }

  get plan(): Plan {
    return this.#parts.plan;
  }

  get backend(): 'wasm' | 'webgpu' {
    return this.#parts.manifest.runtime.backend;
  }

  /** Kernels that failed their check on this device, so that plain ones run in their place. */
  get replacedKernels(): readonly string[] {
    return this.#parts.backend.replaced ?? [];
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
    const { tokenizer, manifest } = this.#parts;
    const request = toRequest(prompt, settings, tokenizer, manifest.config, signal);
    return new Answer(request, new TextStream((ids) => tokenizer.decode(ids)), onPiece);
  }

  /**
   * Writes an answer, or goes on with one that another model of the same tokenizer began.
   *
   * @throws FacetError `busy`, `context-exceeded`, `device-lost`, `numeric-failure`
   */
  async write(answer: Answer): Promise<GenerationStats> {
    if (this.#busy) throw new FacetError('busy', 'This model is generating already.');
    const { decoder } = this;
    const { backend } = this.#parts;
    const generation = new Generation(decoder, backend.maxStep, answer.request, answer.tokens);
    const tokens = generation.run();
    this.#busy = true;
    try {
      for (;;) {
        const { done, value } = await tokens.next();
        if (!done) {
          answer.add(value);
          continue;
        }
        answer.end();
        this.#generation = answer.stats(value, generation.reused);
        return this.#generation;
      }
    } finally {
      this.#busy = false;
    }
  }

  /** Side of the pictures that `describe` takes, in pixels; null where it takes none. */
  get pictureSize(): number | null {
    return this.#parts.manifest.config.vision?.imageSize ?? null;
  }

  /**
   * The answer to a question about a picture, with nothing written yet.
   *
   * @param template holds `<image>` where the picture and `{question}` where the question goes
   * @throws FacetError `invalid-argument`, for a model that is given no pictures too
   */
  answerAbout(question: string, template: string, settings: GenerateSettings, signal: AbortSignal, onPiece: OnPiece): Answer {
    const { tokenizer, manifest } = this.#parts;
    const { vision } = manifest.config;
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
   *
   * @throws FacetError as `write`, and `invalid-argument` for a model that is given no pictures
   */
  async describe(picture: Picture, answer: Answer): Promise<GenerationStats> {
    const { pictures } = this.#parts;
    const { decoder } = this;
    if (!pictures) throw new FacetError('invalid-argument', 'This model is given no pictures.');
    if (this.#busy) throw new FacetError('busy', 'This model is at work already.');
    this.#busy = true;
    try {
      decoder.show(await pictures.encode(picture));
    } finally {
      this.#busy = false;
    }
    try {
      return await this.write(answer);
    } finally {
      decoder.show(null);
    }
  }

  /**
   * A vector for each text.
   *
   * @throws FacetError `busy`, `invalid-argument` for a model that writes text, `aborted`
   */
  async embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array<ArrayBuffer>[]> {
    const { embedder, tokenizer } = this.#parts;
    if (!embedder) throw new FacetError('invalid-argument', 'This model writes text: it gives no vectors.');
    if (this.#busy) throw new FacetError('busy', 'This model is at work already.');
    this.#busy = true;
    try {
      const vectors: Float32Array<ArrayBuffer>[] = [];
      for (const text of texts) {
        signal.throwIfAborted();
        const ids = tokenizer.encode(text);
        if (ids.length === 0) throw new FacetError('invalid-argument', 'A text without any token has no vector.');
        vectors.push(await embedder.embed(ids));
        await yieldTurn();
      }
      return vectors;
    } finally {
      this.#busy = false;
    }
  }

  stats(): ModelStats {
    const { tracker, backend, choice, threads, decoder, embedder, usableMs } = this.#parts;
    const { present, planned } = tracker.bits();
    return {
      backend: this.backend,
      choice,
      replacedKernels: this.replacedKernels,
      threads: { ...threads, count: backend.threads ?? 1 },
      contextLength: (decoder ?? embedder)!.capacity,
      bitsPresent: present,
      bitsPlanned: planned,
      memory: backend.memory,
      load: {
        bytes: tracker.networkBytes,
        downloadMs: this.#finished?.downloadMs ?? 0,
        usableMs,
        readyMs: this.#finished?.readyMs ?? null,
        cacheHits: tracker.cacheHits,
      },
      generation: this.#generation,
    };
  }

  /** Stops what is still being fetched and frees the backend. */
  destroy(): void {
    this.#parts.stop();
    this.#parts.backend.destroy();
  }
}

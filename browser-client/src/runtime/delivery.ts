import { FacetError } from '../errors';
import { TextTokenizer } from '../tokenizer/text-tokenizer';
import type { VerifiedFrame } from '../transport/frame-reader';
import type { TensorEntry } from '../transport/wire';
import type { BundleSource } from './bundle-source';
import { ComponentSet, startComponent } from './component';
import { fillPart, type Intake } from './component-loader';
import { componentOf, componentsOf, type ComponentName } from './components';
import { Gate } from './gate';
import { Part } from './part';
import type { PlaneCut } from './plane-cut';
import { yieldTurn } from './turn';

/** What a delivery tells, and what ends it. */
export type DeliveryListener = Pick<Intake, 'signal' | 'onBytes' | 'onFrame' | 'onDamage'>;

/**
 * A bundle's frames on their way into memory: first what the model needs to answer, then what refines that, then further
 * components; these come at once when somebody asks for one. It can be held up, and ended where it is.
 */
export class Delivery {
  readonly bundle: BundleSource;
  readonly cut: PlaneCut;
  readonly components = new ComponentSet();
  readonly gate = new Gate();
  readonly #main: Part;
  readonly #others: readonly ComponentName[];
  /** Parts that are being filled. */
  readonly #filling = new Map<ComponentName, Part>();
  /** Numbers of frames that hold something of several components, and those of them that have come. */
  readonly #shared: ReadonlySet<number>;
  readonly #spare = new Map<number, VerifiedFrame>();
  readonly #intake: Intake;
  readonly #halt = new AbortController();
  readonly #hurried: Promise<void>;
  #hurry!: () => void;
  #frames: AsyncGenerator<VerifiedFrame, void, void>;
  #usable = false;
  #cancelled: FacetError | null = null;

  /** @param main the part that the model begins to answer with */
  constructor(bundle: BundleSource, cut: PlaneCut, main: Part, listener: DeliveryListener) {
    this.bundle = bundle;
    this.cut = cut;
    this.#main = main;
    this.#others = componentsOf(bundle.manifest).filter((name) => name !== main.name);
    this.#filling.set(main.name, main);
    this.#shared = sharedFrames(bundle, this.#others);
    this.#hurried = new Promise((resolve) => (this.#hurry = resolve));
    const abort = () => this.halt(new FacetError('aborted', 'The load was aborted.'));
    if (listener.signal.aborted) abort();
    else listener.signal.addEventListener('abort', abort, { once: true });
    const signal = this.#halt.signal;
    this.#intake = { ...listener, signal, admitted: () => this.gate.passed(), patient: () => this.#usable };
    const wanted = new Set([bundle.manifest.tokenizer.frame, ...main.frames]);
    this.#frames = bundle.frames([...wanted].sort((a, b) => a - b), this.#intake);
  }

  /** Present depth of a tensor: 0 while there is none. */
  depth(tensor: TensorEntry): number {
    const name = componentOf(tensor.name);
    return (this.components.get(name)?.part ?? this.#filling.get(name))?.store.depth(tensor) ?? 0;
  }

  /**
   * Settles when the main component can answer, which is installed then.
   *
   * @throws FacetError `manifest-invalid` where the bundle lacks something, `network`, `integrity`, `aborted` and others
   */
  async untilUsable(): Promise<TextTokenizer> {
    const { manifest } = this.bundle;
    let tokenizer: TextTokenizer | null = null;
    while (!this.#main.usable || !tokenizer) {
      const { done, value } = await this.#frames.next();
      if (done) throw new FacetError('manifest-invalid', 'The bundle ended before the model was whole.');
      if (value.index === manifest.tokenizer.frame) tokenizer = new TextTokenizer(value.payload, manifest.config.bosTokenId);
      else this.#keepShared(value);
      this.#main.accept(value);
      this.#intake.onFrame(value);
      await yieldTurn();
      this.#intake.signal.throwIfAborted();
    }
    this.components.install(await startComponent(this.#main));
    this.#usable = true;
    return tokenizer;
  }

  /** Brings the rest. Ends early when `halt` was called, without complaint unless that was given a reason. */
  async rest(): Promise<void> {
    try {
      const refined = fillPart(this.#main, this.#frames, this.#intake);
      await Promise.all([refined, this.#bringOthers(refined)]);
    } catch (error) {
      const failure = this.#halt.signal.aborted ? this.#cancelled : FacetError.from(error);
      if (!failure) return;
      this.components.fail(failure);
      throw failure;
    } finally {
      this.#spare.clear();
    }
  }

  /** Whether it was ended before its time. */
  get halted(): boolean {
    return this.#halt.signal.aborted;
  }

  /** Brings the further components now, whether or not the first one has all its planes. */
  hurry(): void {
    this.#hurry();
  }

  /**
   * Ends the delivery: what is there stays as it is.
   *
   * @param reason what those are told who wait for the rest; none where somebody else will bring it
   */
  halt(reason: FacetError | null = null): void {
    this.#cancelled = reason;
    this.#halt.abort();
    this.gate.resume();
    this.#hurry();
  }

  async #bringOthers(refined: Promise<void>): Promise<void> {
    await Promise.race([refined, this.#hurried]);
    for (const name of this.#others) {
      this.#intake.signal.throwIfAborted();
      await this.#bring(name);
    }
  }

  async #bring(name: ComponentName): Promise<void> {
    const part = await Part.create(name, this.bundle, this.cut);
    this.#filling.set(name, part);
    try {
      for (const index of part.frames) if (this.#spare.has(index)) part.accept(this.#spare.get(index)!);
      await fillPart(part, this.bundle.frames(part.frames.filter((index) => !this.#spare.has(index)), this.#intake), this.#intake);
      this.components.install(await startComponent(part));
    } catch (error) {
      part.destroy();
      throw error;
    } finally {
      this.#filling.delete(name);
    }
  }

  #keepShared(frame: VerifiedFrame): void {
    if (this.#shared.has(frame.index)) this.#spare.set(frame.index, frame);
  }
}

/** Frames of the first component in which the others have something too: float32 tensors travel together. */
function sharedFrames({ manifest }: BundleSource, others: readonly ComponentName[]): Set<number> {
  const own = manifest.tensors.filter(({ name }) => others.includes(componentOf(name)));
  return new Set(own.flatMap(({ segments }) => segments.map(({ frame }) => frame)));
}

import type { VerifiedFrame } from '../transport/frame-reader';
import type { BundleSource } from './bundle-source';
import { startComponent, type Component } from './component';
import type { ComponentName } from './components';
import { Part } from './part';
import type { PlaneCut } from './plane-cut';
import { yieldTurn } from './turn';

/** Who watches frames on their way into memory, and may hold them up. */
export interface Intake {
  readonly signal: AbortSignal;
  readonly onBytes: (frame: number, bytes: number) => void;
  readonly onFrame: (frame: VerifiedFrame) => void;
  /** Told of a frame whose bytes were altered on their way, or in the browser's store. */
  readonly onDamage?: ((frame: number) => void) | undefined;
  /** Settles when frames may be taken: a pause holds it up. */
  readonly admitted?: (() => Promise<void>) | undefined;
  readonly patient?: (() => boolean) | undefined;
}

/** Brings a whole component to memory that is its own: another precision, another revision, or the same as before. */
export async function loadComponent(name: ComponentName, bundle: BundleSource, cut: PlaneCut, intake: Intake): Promise<Component> {
  const part = await Part.create(name, bundle, cut);
  try {
    await fillPart(part, bundle.frames(part.frames, intake), intake);
    return await startComponent(part);
  } catch (error) {
    part.destroy();
    throw error;
  }
}

/** Merges frames as they come until there are no more. */
export async function fillPart(part: Part, frames: AsyncIterable<VerifiedFrame>, { signal, onFrame, admitted }: Intake): Promise<void> {
  for await (const frame of frames) {
    part.accept(frame);
    onFrame(frame);
    await yieldTurn();
    await admitted?.();
    signal.throwIfAborted();
  }
}

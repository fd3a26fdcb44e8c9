import type { BundleManifest } from '../transport/wire';

/** A part of a model that loads and is replaced by itself. */
export type ComponentName = 'text-decoder' | 'text-encoder' | 'vision-encoder' | 'projector';

/** By the beginning of their tensors' names; all others are the decoder's. */
const PREFIXES: Readonly<Record<string, ComponentName>> = {
  text_encoder: 'text-encoder', vision_encoder: 'vision-encoder', projector: 'projector',
};
/** In the order in which they are needed: what reads and writes texts first. */
const ORDER: readonly ComponentName[] = ['text-decoder', 'text-encoder', 'projector', 'vision-encoder'];

/** The component that a tensor belongs to. */
export function componentOf(tensor: string): ComponentName {
  return PREFIXES[tensor.slice(0, tensor.indexOf('.'))] ?? 'text-decoder';
}

/** A bundle's components, that which is needed first at the front. */
export function componentsOf({ tensors }: Pick<BundleManifest, 'tensors'>): ComponentName[] {
  const there = new Set(tensors.map(({ name }) => componentOf(name)));
  return ORDER.filter((name) => there.has(name));
}

import { FacetError } from '../errors';
import type { ModelConfig } from '../transport/wire';
import type { Component } from './component';
import { LlamaDecoder } from './llama-decoder';
import { PictureProjector, VisionTower, type Picture } from './picture-encoder';
import type { TextEmbedder } from './text-embedder';

/** Least cosine between what two precisions of one component give: 2 bits and 8 are well above it, other weights about 0. */
const LEAST_LIKENESS = 0.5;
const PROBE_TOKENS = 8;
const PROBE_ROWS = 4;

/**
 * Runs a component that is to take another's place, and that one, on the same input.
 *
 * @throws FacetError `component-invalid` where the new one does not fit the model, gives what is no number or, for weights
 *   of the same revision, something else
 */
export async function requireAgreement(next: Component, present: Component): Promise<void> {
  requireSameShape(next, present);
  const found = await probe(next).catch((error: unknown) => {
    throw new FacetError('component-invalid', `The new ${next.part.name} does not compute: ${FacetError.from(error).message}`, { cause: error });
  });
  if (!found.every(Number.isFinite)) throw new FacetError('component-invalid', `The new ${next.part.name} gives what is no number.`);
  const same = next.part.bundle.manifest.revision === present.part.bundle.manifest.revision;
  const likeness = same ? cosine(found, await probe(present)) : 1;
  if (likeness >= LEAST_LIKENESS) return;
  throw new FacetError('component-invalid', `The new ${next.part.name} computes something else than the present one: likeness ${likeness.toFixed(2)}.`);
}

/** What stands beside a component counts on its shapes. */
function requireSameShape(next: Component, present: Component): void {
  const [wanted, given] = [present, next].map(({ part }) => JSON.stringify(part.bundle.manifest.config));
  if (wanted === given) return;
  throw new FacetError('component-invalid', `The new ${next.part.name} is of a model of another shape.`);
}

async function probe({ part, engine }: Component): Promise<Float32Array> {
  const { config } = part.bundle.manifest;
  if (engine instanceof LlamaDecoder) return probeDecoder(engine, config);
  if (engine instanceof VisionTower) return engine.encode(probePicture(engine.pictureSize));
  if (engine instanceof PictureProjector) return engine.project(wave(PROBE_ROWS * config.vision!.shape.hiddenSize));
  return (engine as TextEmbedder).embed(probeTokens(config));
}

/** Logits after some tokens; what the decoder held is forgotten. */
async function probeDecoder(decoder: LlamaDecoder, config: ModelConfig): Promise<Float32Array> {
  decoder.forget();
  decoder.step(probeTokens(config), 0, true);
  const logits = await decoder.logits();
  decoder.forget();
  return logits;
}

function probeTokens({ vocabSize, vision }: ModelConfig): number[] {
  const ids = Array.from({ length: PROBE_TOKENS }, (_, i) => (97 * i + 1) % vocabSize);
  return ids.map((id) => (id === vision?.imageTokenId ? id + 1 : id));
}

function probePicture(size: number): Picture {
  return { size, rgb: wave(3 * size * size).map((value) => (value + 1) / 2) };
}

function wave(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(0.37 * i));
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    dot += value * b[i]!;
    aa += value * value;
    bb += b[i]! * b[i]!;
  });
  return dot / Math.sqrt(Math.max(Number.MIN_VALUE, aa * bb));
}

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BundleSource } from '../../src/runtime/bundle-source';
import { ModelLoader } from '../../src/runtime/model-loader';
import type { RunningModel } from '../../src/runtime/running-model';
import { ServiceClient } from '../../src/transport/service-client';
import { bundleOf, type TestBundle } from '../fixtures/bundle';
import { MemoryCache } from '../fixtures/memory-cache';
import { TestMesh } from '../fixtures/mesh';
import { readPng } from '../fixtures/png';
import { sample } from '../fixtures/samples';
import { scenesContents, SCENES } from '../fixtures/scenes';

const TEMPLATE = '<image>\nUSER: {question}\nASSISTANT:';
const { signal } = new AbortController();
const isVision = (name: string) => name.startsWith('vision_encoder.');

let eight: TestBundle;
let four: TestBundle;
let mesh: TestMesh;
let service: ServiceClient;

beforeAll(async () => {
  const tokenizer = readFileSync(sample('scenes-vlm/tokenizer.json'));
  eight = bundleOf('scenes-vlm', tokenizer, scenesContents(8), 'wasm');
  four = bundleOf('scenes-vlm', tokenizer, scenesContents(4), 'wasm', 4);
  mesh = new TestMesh([eight, four]);
  service = new ServiceClient(await mesh.start());
}, 60_000);

afterAll(() => mesh.stop());

test('texts are written while the vision tower is still away, and a picture is looked at when it comes', async () => {
  const towers = new Set(eight.manifest.tensors.filter(({ name }) => isVision(name)).flatMap(({ segments }) => segments.map(({ frame }) => frame)));
  const dense = (frame: number) => eight.manifest.frames[frame]!.stage === 'dense';
  let away = true;
  mesh.faults = { refuseStream: () => (mesh.streams.at(-1)!.endsWith('0-') || !away || !wantsTower() ? null : 503) };
  const wantsTower = () => [...towers].some((frame) => !dense(frame) && mesh.streams.at(-1)!.includes(`${frame}`));
  const model = await load();

  expect(names(model)).toEqual(['text-decoder']);
  expect(await text(model)).toHaveLength(4);
  const asked = describe(model, 0);
  expect(names(model)).not.toContain('vision-encoder');
  away = false;
  expect(await asked).toBe(SCENES.cases[0]!.greedy.join());
  await model.complete;
  expect(names(model).sort()).toEqual(['projector', 'text-decoder', 'vision-encoder']);
  mesh.faults = {};
});

test('the vision tower comes at another precision while texts are written, and only what is not there is fetched', async () => {
  const cache = new MemoryCache();
  const model = await load(cache);
  await model.complete;
  const before = bits(model);
  const received = mesh.payloadBytes;
  const swapped = swap(model, 'vision-encoder', four, cache);
  expect(await text(model)).toHaveLength(4);
  await swapped;

  expect(bits(model)).toBeLessThan(before);
  expect(await describe(model, 0)).toBe(SCENES.cases[0]!.greedy.join());
  const tower = four.manifest.tensors.filter(({ name }) => isVision(name)).flatMap(({ segments }) => segments);
  const wanted = [...new Set(tower.map(({ frame }) => frame))].map((frame) => four.manifest.frames[frame]!).filter(({ sha256 }) => !eight.blobs.has(sha256));
  expect(mesh.payloadBytes - received).toBe(wanted.reduce((sum, frame) => sum + frame.bytes, 0));
});

test('a tower that computes nothing sensible is refused, and the present one goes on', async () => {
  const model = await load();
  await model.complete;
  const stats = model.stats();

  await expect(swap(model, 'vision-encoder', broken(), null)).rejects.toMatchObject({ code: 'component-invalid' });
  expect(model.stats()).toEqual(stats);
  expect(await describe(model, 1)).toBe(SCENES.cases[1]!.greedy.join());
});

/** The model with a tower whose last norms are no numbers. */
function broken(): TestBundle {
  const norm = eight.manifest.tensors.find(({ name }) => name === 'vision_encoder.norm.weight')!;
  const index = norm.segments[0]!.frame;
  const payload = new Uint8Array(new Float32Array(norm.rows * norm.cols).fill(NaN).buffer);
  const builder = bundleOf('scenes-vlm', new Uint8Array(4), { config: eight.manifest.config, frames: [{ ...eight.manifest.frames[index]! }], tensors: [], payloads: [payload] }, 'wasm', 9);
  const frame = builder.manifest.frames[1]!;
  const { id } = builder.manifest;
  const bundle = { ...eight, manifest: { ...eight.manifest, id, frames: eight.manifest.frames.with(index, frame) }, plan: { ...eight.plan, bundle: id }, blobs: new Map([...eight.blobs, ...builder.blobs]) };
  mesh.serve(bundle);
  return bundle;
}

function load(cache: MemoryCache | null = null): Promise<RunningModel> {
  return new ModelLoader(service, eight.plan, performance.now(), { manifestKeys: null, cache, signal, onProgress: () => undefined }).load();
}

async function swap(model: RunningModel, name: 'vision-encoder', { plan }: TestBundle, cache: MemoryCache | null): Promise<void> {
  const bundle = await BundleSource.open(service, plan, { manifestKeys: null, cache, signal });
  await bundle.fetchKernels(signal);
  await model.residency.swap(name, bundle, Infinity, signal);
}

async function text(model: RunningModel): Promise<number[]> {
  const ids: number[] = [];
  await model.generate('USER: hello', { maxTokens: 4, greedy: true, ignoreEos: true }, signal, (_, added) => ids.push(...added));
  return ids;
}

async function describe(model: RunningModel, index: number): Promise<string> {
  const { image, question, greedy } = SCENES.cases[index]!;
  const ids: number[] = [];
  const settings = { greedy: true, ignoreEos: true, maxTokens: greedy.length };
  const answer = model.answerAbout(question, TEMPLATE, settings, signal, (_, added) => ids.push(...added));
  await model.describe(readPng(sample(`scenes-vlm/${image}`)), answer);
  return ids.join();
}

function names(model: RunningModel): string[] {
  return model.stats().components.map(({ name }) => name);
}

function bits(model: RunningModel): number {
  return model.stats().bitsPresent;
}

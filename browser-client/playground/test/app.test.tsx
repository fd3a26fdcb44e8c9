// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Facet, ModelSummary } from '../../src';
import { PlaygroundSession } from '../src/playground/model/session';
import { App } from '../src/playground/view/app';
import { MODEL, planOf } from '../dev/documents.mjs';
import { group, progress } from './progress';

/** Happy DOM lays nothing out: give every element a width, so that the picture is drawn. */
class FixedWidth {
  readonly #callback: ResizeObserverCallback;
  constructor(callback: ResizeObserverCallback) {
    this.#callback = callback;
  }
  observe() {
    this.#callback([{ contentRect: { width: 640 } } as ResizeObserverEntry], this as unknown as ResizeObserver);
  }
  unobserve() {}
  disconnect() {}
}

function facet(generate: (prompt: string) => AsyncGenerator<unknown, unknown>): Facet {
  const report = {
    webgpu: null,
    wasm: { simd: true, relaxedSimd: true, threads: false, threadsReason: 'No shared memory.' },
    crossOriginIsolated: true,
    memory: { deviceMemoryGiB: 8 },
    cpu: { cores: 4 },
  };
  const load = async (_id: string, { onProgress }: { onProgress?: (value: unknown) => void } = {}) => {
    onProgress?.(progress([group('layers.0.qk', { depthPresent: 4, bytesDone: 1000 })], { phase: 'ready', bytesDone: 1000, bitsPresent: 4 }));
    return { plan: planOf(), complete: Promise.resolve(), generate, answer, stats: () => ({ generation: null }), unload: async () => undefined };
  };
  return { report, profile: { id: 'p', deviceClass: 'wasm-mt.chromium.8g', description: 'A browser.' }, load, close: () => undefined } as unknown as Facet;
}

const answer = vi.fn(async (_picture: unknown, question: string) => `the answer to ${question}`);

async function* twoPieces() {
  yield { text: 'Declares', ids: [1] };
  yield { text: ' a resource', ids: [2] };
  return { promptTokens: 9, reusedTokens: 0, tokens: 2, timeToFirstTokenMs: 40, prefillMsPerToken: 4, decodeMsPerToken: 20, tokensPerSecond: 50, finish: 'end-of-text' };
}

async function open(models: readonly ModelSummary[], generate: (prompt: string) => AsyncGenerator<unknown, unknown> = twoPieces) {
  const session = new PlaygroundSession({ connect: async () => facet(generate), listModels: async () => models, now: () => 0, onClient: () => undefined });
  render(<App session={session} />);
  await act(() => session.start());
  return { session, user: userEvent.setup() };
}

describe('the playground', () => {
  beforeEach(() => vi.stubGlobal('ResizeObserver', FixedWidth));
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });

  it('writes on the button: text, figures, picture and reasons appear', async () => {
    const { user } = await open([MODEL]);
    await user.click(screen.getByRole('button', { name: /^Write/ }));
    expect(screen.getByRole('region', { name: 'Text' }).textContent).toContain('Declares a resource');
    expect(screen.getByText('50.0')).toBeTruthy();
    expect(screen.getByRole('img', { name: /100 % received, 4\.00 of 4\.00 bits/ })).toBeTruthy();
    expect(screen.getByText(/software rasteriser/)).toBeTruthy();
  });

  it('writes on Control+Enter from the prompt', async () => {
    const generate = vi.fn(twoPieces);
    const { user } = await open([MODEL], generate);
    const prompt = screen.getByLabelText('Text to continue');
    await user.clear(prompt);
    await user.type(prompt, 'fn main{Control>}{Enter}{/Control}');
    expect(generate.mock.calls[0]?.at(0)).toBe('fn main');
  });

  it('takes an example', async () => {
    const { user } = await open([MODEL]);
    await user.click(screen.getByRole('button', { name: 'PowerShell' }));
    expect(screen.getByLabelText<HTMLTextAreaElement>('Text to continue').value).toBe('Get-ChildItem returns');
  });

  it('says how to import a model when there is none, and offers no writing', async () => {
    await open([]);
    expect(screen.getByText('./facet import samples/docs-29m')).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Write/ }).disabled).toBe(true);
  });

  it('cannot choose what is still being imported', async () => {
    await open([MODEL, { ...MODEL, id: 'other', state: 'importing', progress: { done: 1, total: 4 } }]);
    expect(screen.getByRole<HTMLOptionElement>('option', { name: 'other (importing, 25 %)' }).disabled).toBe(true);
  });

  it('asks a model that looks at pictures about a file', async () => {
    const picture = { width: 4, height: 4, close: () => undefined };
    vi.stubGlobal('createImageBitmap', async () => picture);
    const { user } = await open([MODEL, { ...MODEL, id: 'scenes-vlm', architecture: 'llava' }]);
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Ask' });
    expect(button.disabled).toBe(true);
    await user.upload(screen.getByLabelText('Picture'), new File(['png'], 'ring.png', { type: 'image/png' }));
    await user.clear(screen.getByLabelText('Question'));
    await user.type(screen.getByLabelText('Question'), 'what is left?');
    await user.click(button);
    expect(await screen.findByText('the answer to what is left?')).toBeTruthy();
    expect(screen.getByRole('img', { name: 'ring.png' })).toBeTruthy();
    expect(answer).toHaveBeenCalledWith(picture, 'what is left?');
  });

  it('says so where a file is no picture, and offers no questions without a model for them', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('InvalidStateError')));
    const { user } = await open([MODEL, { ...MODEL, id: 'scenes-vlm', architecture: 'llava' }]);
    await user.upload(screen.getByLabelText('Picture'), new File(['no'], 'no.png', { type: 'image/png' }));
    await user.click(screen.getByRole('button', { name: 'Ask' }));
    expect(await screen.findByText('This file is no picture that the browser can read.')).toBeTruthy();
    cleanup();
    await open([MODEL]);
    expect(screen.queryByRole('button', { name: 'Ask' })).toBeNull();
  });

  it('reads the text out once, at its end', async () => {
    const { user } = await open([MODEL]);
    await user.click(screen.getByRole('button', { name: /^Write/ }));
    const spoken = screen.getAllByRole('status').map((element) => element.textContent);
    expect(spoken).toContain('The model ended the text. The text: Declares a resource');
  });
});

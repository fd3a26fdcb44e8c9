import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GenerateOptions, LoadOptions } from '../../src/options';
import { BrowserUnderTest } from '../fixtures/browser';
import { docsBundles } from '../fixtures/bundle';
import { TestMesh } from '../fixtures/mesh';
import { REFERENCE } from '../fixtures/samples';

let mesh: TestMesh;
let browser: BrowserUnderTest;

beforeAll(async () => {
  mesh = new TestMesh(docsBundles(['wasm', 'webgpu'], 8));
  browser = await BrowserUnderTest.open(mesh);
  await browser.page.evaluate(async () => {
    globalThis.facet = await harness.Facet.connect('/');
  });
});

afterAll(() => browser?.close());

describe.each(['wasm', 'webgpu'] as const)('docs-29m at 8 bits in Chromium on %s', (backend) => {
  test('greedy tokens are those of transformers on at least four of five prompts', async () => {
    await load({ pin: { backend, bits: 8 } });
    const right: boolean[] = [];
    for (const { ids, greedy } of REFERENCE.cases) {
      const tokens = await generate({ ids, maxTokens: greedy.length, greedy: true, ignoreEos: true });
      right.push(tokens.join() === greedy.join());
    }
    const stats = await browser.page.evaluate(() => model.stats());
    console.log(`${backend}: ${stats.generation!.decodeMsPerToken} ms/token`);

    expect(right.filter(Boolean).length).toBeGreaterThanOrEqual(4);
    expect(stats).toMatchObject({ backend, bitsPresent: 8, threads: { count: backend === 'wasm' ? 2 : 1 } });
  });

  test('the next turn of a conversation reads only what is new', async () => {
    const settings = { maxTokens: 12, greedy: true, ignoreEos: true };
    const { ids } = REFERENCE.cases[0]!;
    const first = await generate({ ...settings, ids, reuse: false });
    const turn = [...ids, ...first, 9, 10, 11];
    const second = await generate({ ...settings, ids: turn });
    const { generation } = await browser.page.evaluate(() => model.stats());
    const fresh = await generate({ ...settings, ids: turn, reuse: false });

    expect(second).toEqual(fresh);
    // The last token was never run.
    expect(generation).toMatchObject({ promptTokens: turn.length, reusedTokens: ids.length + first.length - 1 });
    expect((await browser.page.evaluate(() => model.stats())).generation!.reusedTokens).toBe(0);
  });

  test('a second load comes from the browser, not from the network', async () => {
    const streams = mesh.streams.length;
    await load({ pin: { backend, bits: 8 } });
    const { load: loaded } = await browser.page.evaluate(() => model.stats());

    expect(loaded).toMatchObject({ bytes: 0, cacheHits: expect.any(Number) });
    expect(loaded.cacheHits).toBeGreaterThan(200);
    expect(mesh.streams.length).toBe(streams);
  });

  test('sampled text streams in whole pieces and stops when the loop does', async () => {
    const pieces = await browser.page.evaluate(async () => {
      const seen: string[] = [];
      for await (const { text } of model.generate('The std::vector class', { seed: 7, maxTokens: 400 })) {
        seen.push(text);
        if (seen.length === 6) break;
      }
      return seen;
    });
    const again = await generate({ ids: [0, 4, 5], maxTokens: 2, ignoreEos: true });

    expect(pieces).toHaveLength(6);
    expect(pieces.join('')).not.toContain('\uFFFD');
    expect(again).toHaveLength(2);
  });
});

test('the page goes on while the model works', async () => {
  await load({ pin: { backend: 'wasm', bits: 8 } });
  const longestPause = await browser.page.evaluate(async () => {
    let [last, longest, running] = [performance.now(), 0, true];
    const tick = () => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
      if (running) setTimeout(tick, 0);
    };
    tick();
    for await (const _ of model.generate('The', { maxTokens: 40, ignoreEos: true }));
    running = false;
    return longest;
  });

  expect(longestPause).toBeLessThan(1000);
});

test('an aborted generation throws, an aborted load leaves the client usable', async () => {
  const codes = await browser.page.evaluate(async () => {
    const code = (error: unknown) => (error as { code?: string }).code ?? String(error);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    const loading = await facet.load('docs-29m', { pin: { bits: 8 }, signal: stop.signal }).then(() => 'loaded', code);
    const halt = new AbortController();
    const generating = await (async () => {
      for await (const _ of model.generate('The', { ignoreEos: true, signal: halt.signal })) halt.abort();
      return 'finished';
    })().catch(code);
    const unknown = await facet.load('no-such-model').then(() => 'loaded', code);
    return { loading, generating, unknown };
  });

  expect(codes).toEqual({ loading: 'aborted', generating: 'aborted', unknown: 'model-not-found' });
  expect(await generate({ ids: [0, 4, 5], maxTokens: 2, ignoreEos: true })).toHaveLength(2);
});

test('a refused stream fails the load with the service\'s words and a remedy', async () => {
  mesh.faults = { refuseStream: () => 403 };
  const failure = await browser.page.evaluate(async () => {
    await (await navigator.storage.getDirectory()).removeEntry('facet-blobs-1', { recursive: true });
    const load = facet.load('docs-29m', { pin: { backend: 'wasm' } });
    return load.then(() => null, ({ code, message, remedy }) => ({ code, message, remedy }));
  });
  mesh.faults = {};

  expect(failure).toEqual({ code: 'service-problem', message: 'refused by the test', remedy: expect.stringMatching(/.+/) });
});

test('the report says what Chromium can do', async () => {
  const report = await browser.page.evaluate(() => facet.report);

  expect(report).toMatchObject({
    schema: 'facet-report/1',
    engine: { family: 'chromium', mobile: false },
    wasm: { simd: true, relaxedSimd: true, threads: true, memory64: true, threadsReason: null },
    webgpu: { vendor: 'google', architecture: 'swiftshader', fallbackAdapter: true },
    crossOriginIsolated: true,
  });
  expect(report.webgpu!.limits.maxStorageBufferBindingSize).toBeGreaterThanOrEqual(128 * 2 ** 20);
  expect(mesh.profiles).toHaveLength(1);
});

test('measurements reach the service when the page is hidden', async () => {
  await browser.page.evaluate(() => facet.close());
  const measured = () => mesh.telemetry.flatMap(({ events }) => events);
  await expect.poll(() => measured().map(({ type }) => type)).toContain('failure');
  const events = measured();

  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['load', 'generation', 'failure']));
  expect(events.find(({ type }) => type === 'generation')).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/), model: 'docs-29m', backend: 'wasm', point: 'test-8', pinned: true,
    promptTokens: 5, tokens: 48, cancelled: false, decodeMsPerToken: expect.any(Number),
  });
  expect(events.filter(({ type }) => type === 'failure')).toMatchObject([{ code: 'service-problem', stage: 'download' }]);
});

function load(options: LoadOptions): Promise<void> {
  return browser.page.evaluate(async (wanted) => {
    if (globalThis.model) await model.unload();
    globalThis.model = await facet.load('docs-29m', wanted);
  }, options);
}

function generate(options: GenerateOptions): Promise<number[]> {
  return browser.page.evaluate(async (wanted) => {
    const tokens: number[] = [];
    for await (const { ids } of model.generate('', { ...wanted, returnTokenIds: true })) tokens.push(...ids!);
    return tokens;
  }, options);
}

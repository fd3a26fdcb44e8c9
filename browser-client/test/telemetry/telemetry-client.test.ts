import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { takeBatch, TelemetryClient } from '../../src/telemetry/telemetry-client';
import type { MeasurementContext } from '../../src/worker/protocol';

const CONTEXT: MeasurementContext = {
  plan: '80000000-0000-4000-8000-000000000000', bundle: 'b', model: 'docs-29m', point: 'full-4', backend: 'wasm',
  pinned: false, sampleRate: 1,
};
const LOAD = { type: 'load', bytes: 1, downloadMs: 2, readyMs: 3, cacheHits: 0, speeds: null, variants: null, replacedKernels: [] } as const;

const posted: { body: string; keepalive: boolean }[] = [];
const beacons: Blob[] = [];
const listeners = new Map<string, () => void>();
let statuses: number[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  const listen = (type: string, listener: () => void) => void listeners.set(type, listener);
  vi.stubGlobal('addEventListener', listen);
  vi.stubGlobal('removeEventListener', () => undefined);
  vi.stubGlobal('document', { addEventListener: listen, removeEventListener: () => undefined, visibilityState: 'hidden' });
  vi.stubGlobal('navigator', { sendBeacon: (_: URL, body: Blob) => beacons.push(body) > 0 });
  vi.stubGlobal('fetch', async (_: URL, init: { body: string; keepalive: boolean }) => {
    posted.push(init);
    return { status: statuses.shift() ?? 202 };
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  posted.length = beacons.length = 0;
  statuses = [];
});

test('events wait a moment and go out together, as docs/wire.md says', async () => {
  const telemetry = new TelemetryClient('https://facet.test/', 'token');
  telemetry.record(CONTEXT, LOAD);
  telemetry.record(CONTEXT, { type: 'failure', code: 'network', stage: 'download' });
  await vi.advanceTimersByTimeAsync(3_000);

  expect(posted).toHaveLength(1);
  expect(JSON.parse(posted[0]!.body)).toMatchObject({
    session: 'token',
    sentAt: expect.stringMatching(/Z$/),
    events: [
      { type: 'load', plan: CONTEXT.plan, bundle: 'b', model: 'docs-29m', point: 'full-4', backend: 'wasm', pinned: false, bytes: 1 },
      { type: 'failure', code: 'network', stage: 'download' },
    ],
  });
});

test('a batch without a 202 is sent again with the same ids', async () => {
  statuses = [503, 202];
  const telemetry = new TelemetryClient('https://facet.test/', 'token');
  telemetry.record(CONTEXT, LOAD);
  await vi.advanceTimersByTimeAsync(10_000);

  const ids = posted.map(({ body }) => JSON.parse(body).events[0].id);
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
});

test('a refused session sends no more', async () => {
  statuses = [401];
  const telemetry = new TelemetryClient('https://facet.test/', 'token');
  telemetry.record(CONTEXT, LOAD);
  await vi.advanceTimersByTimeAsync(3_000);
  telemetry.record(CONTEXT, LOAD);
  await vi.advanceTimersByTimeAsync(60_000);

  expect(posted).toHaveLength(1);
});

test('a hidden page hands over what is left to the browser', async () => {
  const telemetry = new TelemetryClient('https://facet.test/', 'token');
  telemetry.record(CONTEXT, LOAD);
  listeners.get('visibilitychange')!();
  await vi.advanceTimersByTimeAsync(10_000);

  expect(beacons).toHaveLength(1);
  expect(JSON.parse(await beacons[0]!.text()).events).toHaveLength(1);
  expect(posted).toHaveLength(0);
});

test('a plan is sampled whole or not at all', async () => {
  const telemetry = new TelemetryClient('https://facet.test/', 'token');
  telemetry.record({ ...CONTEXT, sampleRate: 0.4 }, LOAD);
  telemetry.record({ ...CONTEXT, sampleRate: 0.6 }, LOAD);
  await vi.advanceTimersByTimeAsync(3_000);

  expect(JSON.parse(posted[0]!.body).events).toHaveLength(1);
});

test('batches keep to 50 events and 48 KiB', () => {
  expect(takeBatch(Array.from({ length: 120 }, (_, i) => i))).toHaveLength(50);
  const large = Array.from({ length: 40 }, () => 'x'.repeat(4_000));
  expect(JSON.stringify(takeBatch(large)).length).toBeLessThan(48 * 1024);
  expect(takeBatch(['x'.repeat(100_000)])).toHaveLength(1);
});

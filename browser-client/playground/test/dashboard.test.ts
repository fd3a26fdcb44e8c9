import { describe, expect, it } from 'vitest';
import type { ModelPoint, ModelSummary } from '../../src';
import type { AggregateCell, Policy } from '../src/dashboard/model/documents';
import { fleetRows } from '../src/dashboard/model/fleet';
import { inWindow, medianRate, NO_EVENTS, parseLive, receive, WINDOW_MS } from '../src/dashboard/model/live';
import { policyViews } from '../src/dashboard/model/policies';
import { qualityChart } from '../src/dashboard/model/size-quality';
import { totalsOf } from '../src/dashboard/model/totals';

const cell = (change: Partial<AggregateCell>): AggregateCell => ({
  model: 'docs-29m',
  point: 'full-4',
  deviceClass: 'a',
  sessions: 1,
  generations: 10,
  loads: 2,
  failures: 1,
  tokens: 100,
  decodeMsPerToken: { p50: 10, p95: 20 },
  timeToFirstTokenMs: null,
  ...change,
});
const aggregates = (cells: AggregateCell[]) => ({ since: '', cells, deliveries: [] });
const fleetClass = (deviceClass: string, profiles: number) => ({
  deviceClass,
  description: '',
  backend: 'wasm',
  profiles,
  sessions: 0,
  lastSeenAt: '2026-01-01T00:00:00Z',
});

describe('fleet rows', () => {
  it('come largest first, with bars relative to the largest', () => {
    const rows = fleetRows({ profiles: 15, classes: [fleetClass('a', 5), fleetClass('b', 10)] }, null);
    expect(rows.map((row) => [row.deviceClass, row.length])).toEqual([
      ['b', 1],
      ['a', 0.5],
    ]);
  });

  it('show the most used model that could be timed', () => {
    const cells = [cell({ generations: 3, point: 'x' }), cell({ generations: 9, point: 'y' }), cell({ generations: 99, point: 'z', decodeMsPerToken: null })];
    const [a, b] = fleetRows({ profiles: 2, classes: [fleetClass('a', 1), fleetClass('b', 1)] }, aggregates(cells));
    expect(a?.busiest?.point).toBe('y');
    expect(b?.busiest).toBeNull();
  });
});

describe('totals', () => {
  it('stay unknown until their document is there', () => {
    expect(totalsOf({ fleet: null, aggregates: null, models: null }).map((total) => total.value)).toEqual([null, null, null, null, null]);
  });

  it('add up the cells', () => {
    const totals = totalsOf({ fleet: null, aggregates: aggregates([cell({}), cell({ point: 'full-3', failures: 0 })]), models: null });
    expect(totals.find((total) => total.label.startsWith('Texts'))?.value).toBe('20');
    expect(totals.find((total) => total.label.startsWith('Failures'))).toMatchObject({ value: '1', note: '4 % of events' });
  });

  it('do not divide by no events', () => {
    expect(totalsOf({ fleet: null, aggregates: aggregates([]), models: null }).at(-1)?.note).toBe('no events');
  });
});

describe('the size/quality chart', () => {
  const point = (id: string, bytes: number, meanKl: number | null): ModelPoint => ({
    id,
    ladder: 'full',
    bodyBits: 4,
    bitsPerWeight: 4,
    bytes,
    quality: meanKl === null ? null : { perplexity: 9, baselinePerplexity: 8, meanKl, top1Agreement: 0.9 },
  });
  const model = (...points: ModelPoint[]) => ({ points }) as unknown as ModelSummary;

  it('joins only what no other cut beats', () => {
    const chart = qualityChart(model(point('small', 10, 0.5), point('worse', 20, 0.6), point('large', 30, 0.1)), 'meanKl');
    expect(chart.dots.map((dot) => [dot.id, dot.onFront])).toEqual([
      ['small', true],
      ['worse', false],
      ['large', true],
    ]);
  });

  it('keeps twins on the front and leaves unmeasured cuts out', () => {
    const chart = qualityChart(model(point('a', 10, 0.5), point('b', 10, 0.5), point('c', 5, null)), 'meanKl');
    expect(chart.dots.map((dot) => dot.onFront)).toEqual([true, true]);
    expect(chart.unmeasured).toBe(1);
  });

  it('has a baseline only for perplexity', () => {
    expect(qualityChart(model(point('a', 10, 0.5)), 'perplexity').baseline).toBe(8);
    expect(qualityChart(model(point('a', 10, 0.5)), 'meanKl').baseline).toBeNull();
  });
});

describe('policies', () => {
  const policy = (change: Partial<Policy>): Policy => ({
    model: 'm',
    deviceClass: 'a',
    point: 'full-4',
    defaultPoint: 'full-4',
    targetMsPerToken: 40,
    evidence: { sessions: 5, medianMsPerToken: 52, p95MsPerToken: 80.04, point: 'full-4' },
    reason: '',
    decidedAt: '2026-01-01T00:00:00Z',
    ...change,
  });

  it('that moved come first, then the newest', () => {
    const views = policyViews([
      policy({ deviceClass: 'old' }),
      policy({ deviceClass: 'new', decidedAt: '2026-01-02T00:00:00Z' }),
      policy({ deviceClass: 'moved', point: 'full-3', decidedAt: '2025-01-01T00:00:00Z' }),
    ]);
    expect(views.map((view) => view.deviceClass)).toEqual(['moved', 'new', 'old']);
    expect(views[0]?.stateText).toBe('instead of full-4');
  });

  it('tell their evidence', () => {
    expect(policyViews([policy({})])[0]).toMatchObject({
      evidence: '5 sessions at full-4: 52 ms median, 80 ms p95; target 40 ms a token.',
      load: 1.3,
    });
    expect(policyViews([policy({ evidence: null })])[0]).toMatchObject({ load: null });
  });
});

describe('live telemetry', () => {
  const at = (now: number, decodeMsPerToken: number | null = 10) => receive(NO_EVENTS, 'generation', { tokens: 5, decodeMsPerToken }, now);

  it('numbers events and puts the newest first', () => {
    const state = receive(at(1), 'failure', { code: 'network', stage: 'downloading' }, 2);
    expect(state.events.map((event) => [event.id, event.text])).toEqual([
      [2, 'network while downloading'],
      [1, '5 tokens at 100/s'],
    ]);
  });

  it('forgets what left the window, and never keeps more than it shows', () => {
    expect(inWindow(at(0), WINDOW_MS)).toHaveLength(1);
    expect(inWindow(at(0), WINDOW_MS + 1)).toHaveLength(0);
    let state = NO_EVENTS;
    for (let index = 0; index < 1000; index++) state = receive(state, 'load', { bytes: 1, readyMs: 1 }, index);
    expect(state.events).toHaveLength(400);
    expect(state.received).toBe(1000);
  });

  it('takes the median of what could be timed', () => {
    expect(medianRate([])).toBeNull();
    expect(medianRate(at(0, null).events)).toBeNull();
    const two = receive(at(0, 10), 'generation', { tokens: 1, decodeMsPerToken: 20 }, 0);
    expect(medianRate(two.events)).toBe(75);
  });

  it('ignores data that is no object', () => {
    expect(parseLive('[1]')).toBeNull();
    expect(parseLive('x')).toBeNull();
    expect(parseLive('{"tokens":1}')).toEqual({ tokens: 1 });
  });
});

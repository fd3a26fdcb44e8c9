import { describe, expect, it } from 'vitest';
import { FacetError, type CapabilityReport, type ModelSummary } from '../../src';
import { catalogueNotice, environmentNotices, noticeOf } from '../src/playground/model/notices';
import { HttpFailure } from '../src/shared/http';

const model = (change: Partial<ModelSummary>): ModelSummary => ({
  id: 'docs-29m',
  revision: null,
  state: 'published',
  architecture: 'llama',
  parameters: null,
  contextLength: null,
  progress: null,
  problem: null,
  points: [],
  importedAt: null,
  publishedAt: null,
  ...change,
});

describe('a failure', () => {
  it('keeps the client’s message and remedy', () => {
    const notice = noticeOf(new FacetError('integrity', 'Frame 3 has another hash.'));
    expect(notice).toMatchObject({ tone: 'error', detail: 'Frame 3 has another hash.', remedy: new FacetError('integrity', '').remedy });
    expect(notice.actions).toEqual([{ kind: 'retry', label: 'Try again' }]);
  });

  it('offers what would fit', () => {
    const problem = { status: 409, wouldFit: { point: 'full-2', contextLength: 256, totalBytes: 22_400_000 } };
    const notice = noticeOf(new FacetError('nothing-fits', 'Too large.', { problem }));
    expect(notice.remedy).toContain('256 tokens at full-2 would fit in 22.4 MB');
    expect(notice.actions?.[0]).toEqual({ kind: 'fit', label: 'Use 256 tokens', maxContext: 256 });
  });

  it('offers no smaller plan when nothing would fit', () => {
    const notice = noticeOf(new FacetError('nothing-fits', 'Too large.', { problem: { wouldFit: null } }));
    expect(notice.actions).toEqual([{ kind: 'retry', label: 'Try again' }]);
  });

  it('offers WebAssembly when the graphics device fails', () => {
    for (const code of ['device-lost', 'numeric-failure'] as const) {
      expect(noticeOf(new FacetError(code, '')).actions?.[0]?.kind).toBe('wasm');
    }
  });

  it('names the command when the mesh is down, however the page learnt of it', () => {
    const gateway = new FacetError('service-problem', 'Bad gateway.', { problem: { status: 502 } });
    for (const thrown of [new HttpFailure('/v1/models', 0, null), new HttpFailure('/v1/models', 503, null), gateway]) {
      expect(noticeOf(thrown)).toMatchObject({ title: 'The mesh cannot be reached', command: './facet status' });
    }
  });

  it('shows a service’s own problem', () => {
    const notice = noticeOf(new HttpFailure('/v1/models', 400, { title: 'Malformed', detail: 'At #/pin/bits.' }));
    expect(notice).toMatchObject({ title: 'Malformed', detail: 'At #/pin/bits.' });
  });

  it('of any other kind asks for a reload', () => {
    expect(noticeOf(new TypeError('x is undefined')).actions).toEqual([{ kind: 'reload', label: 'Reload the page' }]);
  });
});

describe('the catalogue', () => {
  it('needs no word once a model can be used', () => {
    expect(catalogueNotice([model({ state: 'failed' }), model({})])).toBeNull();
  });

  it('says how to import the first model', () => {
    expect(catalogueNotice([])).toMatchObject({ tone: 'info', command: './facet import samples/docs-29m' });
  });

  it('shows how far an import is', () => {
    expect(catalogueNotice([model({ state: 'importing', progress: { done: 17, total: 41 } })])?.title).toBe('Importing docs-29m, 41 %');
  });

  it('gives the reason of a failed import', () => {
    const notice = catalogueNotice([model({ state: 'failed', problem: { detail: 'Tensor x is truncated.' } })]);
    expect(notice).toMatchObject({ tone: 'error', detail: 'Tensor x is truncated.', command: './facet import SOURCE --id docs-29m' });
  });

  it('does not take a model that writes no text for usable', () => {
    expect(catalogueNotice([model({ id: 'docs-embed', architecture: 'bert' })])).not.toBeNull();
  });
});

describe('the environment', () => {
  const report = (change: { simd?: boolean; isolated?: boolean; webgpu?: boolean }) =>
    ({
      wasm: { simd: change.simd ?? true },
      webgpu: change.webgpu ? {} : null,
      crossOriginIsolated: change.isolated ?? true,
    }) as unknown as CapabilityReport;

  it('is silent when all is well', () => {
    expect(environmentNotices(report({}))).toEqual([]);
  });

  it('names the headers that isolate the page', () => {
    expect(environmentNotices(report({ isolated: false }))[0]?.remedy).toContain('Cross-Origin-Embedder-Policy');
  });

  it('takes missing SIMD for an error only where WebGPU cannot step in', () => {
    expect(environmentNotices(report({ simd: false }))[0]?.tone).toBe('error');
    expect(environmentNotices(report({ simd: false, webgpu: true }))[0]?.tone).toBe('warning');
  });
});

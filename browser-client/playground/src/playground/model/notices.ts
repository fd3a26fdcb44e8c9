import { FacetError, type CapabilityReport, type ModelSummary } from '../../../../src';
import * as format from '../../shared/format';
import { importFraction } from '../../shared/import-progress';
import { HttpFailure } from '../../shared/http';
import type { Notice, NoticeAction } from '../../shared/notice';
import { importing, importProgress, isUsable } from './catalogue';

const RETRY: NoticeAction = { kind: 'retry', label: 'Try again' };
const RELOAD: NoticeAction = { kind: 'reload', label: 'Reload the page' };
const USE_WASM: NoticeAction = { kind: 'wasm', label: 'Use WebAssembly' };

const TITLES: Partial<Record<FacetError['code'], string>> = {
  'insecure-context': 'This page is not a secure context',
  'no-wasm-simd': 'This browser has no WebAssembly SIMD',
  'no-backend': 'This browser can run neither WebAssembly SIMD nor WebGPU',
  network: 'The mesh cannot be reached',
  'nothing-fits': 'The model does not fit this browser’s memory',
  'model-not-found': 'The model is not there',
  'session-expired': 'The session has expired',
  'manifest-invalid': 'The bundle’s manifest is not valid',
  'manifest-signature': 'The bundle is not signed with a trusted key',
  integrity: 'A download was altered on its way',
  'stream-malformed': 'The weight stream is malformed',
  'kernel-invalid': 'A kernel does not run here',
  'tokenizer-invalid': 'The tokenizer cannot be read',
  'out-of-memory': 'The browser ran out of memory',
  'device-lost': 'The graphics device was lost',
  'numeric-failure': 'The graphics device computes wrongly',
  'context-exceeded': 'The prompt is too long',
  busy: 'The model is still writing',
};

const RELOADABLE: readonly FacetError['code'][] = ['manifest-invalid', 'kernel-invalid', 'internal', 'closed'];

/** What a failure means for the person in front of the page. */
export function noticeOf(thrown: unknown): Notice {
  if (thrown instanceof HttpFailure) return httpNotice(thrown);
  const error = FacetError.from(thrown);
  if (error.code === 'nothing-fits') return nothingFits(error);
  if (error.code === 'service-problem') return serviceProblem(error);
  return {
    tone: 'error',
    title: TITLES[error.code] ?? 'Something went wrong',
    detail: error.message,
    remedy: error.remedy,
    actions: actionsFor(error.code),
  };
}

function actionsFor(code: FacetError['code']): NoticeAction[] {
  if (code === 'device-lost' || code === 'numeric-failure') return [USE_WASM, RETRY];
  if (code === 'no-wasm-simd' || code === 'insecure-context' || code === 'manifest-signature') return [];
  return RELOADABLE.includes(code) ? [RELOAD] : [RETRY];
}

interface WouldFit {
  readonly point?: unknown;
  readonly contextLength?: unknown;
  readonly totalBytes?: unknown;
}

function nothingFits(error: FacetError): Notice {
  const would = error.problem?.['wouldFit'] as WouldFit | null | undefined;
  const context = would?.contextLength;
  const base = { tone: 'error', title: TITLES['nothing-fits'] ?? '', detail: error.message } as const;
  if (typeof context !== 'number') return { ...base, remedy: error.remedy, actions: [RETRY] };
  const size = typeof would?.totalBytes === 'number' ? ` in ${format.bytes(would.totalBytes)}` : '';
  const point = typeof would?.point === 'string' ? ` at ${would.point}` : '';
  return {
    ...base,
    remedy: `A context of ${format.plural(context, 'token')}${point} would fit${size}. Take it, or close other tabs and try again.`,
    actions: [{ kind: 'fit', label: `Use ${format.plural(context, 'token')}`, maxContext: context }, RETRY],
  };
}

function serviceProblem(error: FacetError): Notice {
  const status = error.problem?.status ?? 0;
  if (status === 0 || (status >= 502 && status <= 504)) return meshDown(error.message);
  return {
    tone: 'error',
    title: error.problem?.title ?? 'A service refused the request',
    detail: error.problem?.detail ?? error.message,
    remedy: error.remedy,
    actions: [RETRY],
  };
}

function httpNotice(failure: HttpFailure): Notice {
  if (failure.unavailable) return meshDown(failure.message);
  return {
    tone: 'error',
    title: failure.problem?.title ?? 'A service refused the request',
    detail: failure.message,
    remedy: 'Try again in a moment; if it stays, show this message to the operator of the service.',
    actions: [RETRY],
  };
}

function meshDown(detail: string): Notice {
  return {
    tone: 'error',
    title: 'The mesh cannot be reached',
    detail,
    remedy: 'Check the connection. If you operate this mesh, see which service is down:',
    command: './facet status',
    actions: [RETRY],
  };
}

/** What to say when there is no model to choose; null when there is one. */
export function catalogueNotice(models: readonly ModelSummary[]): Notice | null {
  if (models.some(isUsable)) return null;
  const [first] = importing(models);
  if (first) {
    return {
      tone: 'info',
      title: `Importing ${first.id}${importProgress(first)}`,
      progress: importFraction(first) ?? 0,
      detail: 'The mesh is cutting the model into planes. It can be used here as soon as it is published; this page looks by itself.',
    };
  }
  const failed = models.find((model) => model.state === 'failed');
  if (failed) {
    return {
      tone: 'error',
      title: `The import of ${failed.id} failed`,
      detail: failed.problem?.detail ?? failed.problem?.title ?? 'The mesh gave no reason.',
      remedy: 'Correct the checkpoint and import it again:',
      command: `./facet import SOURCE --id ${failed.id}`,
    };
  }
  return {
    tone: 'info',
    title: 'No model has been imported yet',
    detail: 'Give the mesh a Hugging Face checkpoint: a local folder, a URL or an hf: name. This page finds the model by itself.',
    command: './facet import samples/docs-29m',
  };
}

/** Things that work, but could work better, as measured by the probe. */
export function environmentNotices(report: CapabilityReport): Notice[] {
  const notices: Notice[] = [];
  if (!report.wasm.simd) notices.push(noSimd(report.webgpu !== null));
  if (!report.crossOriginIsolated) notices.push(NOT_ISOLATED);
  return notices;
}

function noSimd(hasWebGpu: boolean): Notice {
  return {
    tone: hasWebGpu ? 'warning' : 'error',
    title: TITLES['no-wasm-simd'] ?? '',
    detail: hasWebGpu ? 'Only WebGPU can run a model here.' : 'A model cannot run here.',
    remedy: 'Update the browser: Chrome 91, Firefox 89 and Safari 16.4 or newer run WebAssembly SIMD.',
  };
}

const NOT_ISOLATED: Notice = Object.freeze({
  tone: 'warning',
  title: 'The page is not cross-origin isolated',
  detail: 'The browser therefore denies shared memory, and the model runs on one thread.',
  remedy:
    'Serve the page with “Cross-Origin-Opener-Policy: same-origin” and “Cross-Origin-Embedder-Policy: require-corp”, as the mesh does, and look for a proxy that removes them.',
});

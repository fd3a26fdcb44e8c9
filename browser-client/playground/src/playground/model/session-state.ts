import type { CapabilityReport, DeviceProfile, GenerationStats, LoadProgress, ModelSummary, Plan } from '../../../../src';
import type { Notice } from '../../shared/notice';
import { chosenModel } from './catalogue';
import { addPiece, beginWriting, endWriting, NOTHING_WRITTEN, type Writing } from './writing';

/** Everything the page shows. Changed only by `reduce`. */
export interface SessionState {
  readonly connection: Connection;
  readonly catalogue: Catalogue;
  /** Id of the chosen model; null while there is none to choose. */
  readonly chosen: string | null;
  readonly loading: Loading;
  readonly writing: Writing;
  /** The last failure of loading or writing, until the next attempt. */
  readonly failure: Notice | null;
}

export type Connection =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'connected'; readonly profile: DeviceProfile; readonly report: CapabilityReport }
  | { readonly phase: 'failed'; readonly notice: Notice };

export type Catalogue =
  | { readonly phase: 'loading' }
  | { readonly phase: 'ready'; readonly models: readonly ModelSummary[] }
  | { readonly phase: 'failed'; readonly notice: Notice };

export interface Loading {
  readonly phase: 'none' | 'loading' | 'loaded';
  readonly progress: LoadProgress | null;
  readonly plan: Plan | null;
}

export type SessionEvent =
  | { readonly type: 'connecting' }
  | { readonly type: 'connected'; readonly profile: DeviceProfile; readonly report: CapabilityReport }
  | { readonly type: 'connection-failed'; readonly notice: Notice }
  | { readonly type: 'models'; readonly models: readonly ModelSummary[]; readonly remembered: string | null }
  | { readonly type: 'models-failed'; readonly notice: Notice }
  | { readonly type: 'chosen'; readonly model: string }
  | { readonly type: 'load-started' }
  | { readonly type: 'progress'; readonly progress: LoadProgress }
  | { readonly type: 'loaded'; readonly plan: Plan }
  | { readonly type: 'load-stopped' }
  | { readonly type: 'refinement-failed'; readonly notice: Notice }
  | { readonly type: 'writing-started'; readonly prompt: string; readonly now: number }
  | { readonly type: 'piece'; readonly text: string; readonly tokens: number; readonly now: number }
  | { readonly type: 'writing-ended'; readonly phase: 'done' | 'stopped'; readonly stats: GenerationStats | null }
  | { readonly type: 'failed'; readonly notice: Notice };

const NOT_LOADED: Loading = Object.freeze({ phase: 'none', progress: null, plan: null });

export const INITIAL_STATE: SessionState = Object.freeze<SessionState>({
  connection: { phase: 'connecting' },
  catalogue: { phase: 'loading' },
  chosen: null,
  loading: NOT_LOADED,
  writing: NOTHING_WRITTEN,
  failure: null,
});

export function reduce(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'connecting':
      return { ...state, connection: { phase: 'connecting' }, loading: NOT_LOADED, failure: null };
    case 'connected':
      return { ...state, connection: { phase: 'connected', profile: event.profile, report: event.report } };
    case 'connection-failed':
      return { ...state, connection: { phase: 'failed', notice: event.notice } };
    case 'models':
      return withModels(state, event.models, event.remembered);
    case 'models-failed':
      return withoutModels(state, event.notice);
    case 'chosen':
      return event.model === state.chosen ? state : { ...state, chosen: event.model, loading: NOT_LOADED, failure: null };
    case 'writing-started':
      return { ...state, writing: beginWriting(event.prompt, event.now), failure: null };
    case 'piece':
      return { ...state, writing: addPiece(state.writing, event.text, event.tokens, event.now) };
    case 'writing-ended':
      return { ...state, writing: endWriting(state.writing, event.phase, event.stats) };
    case 'refinement-failed':
      return { ...state, failure: event.notice };
    case 'failed':
      return afterFailure(state, event.notice);
    default:
      return { ...state, loading: reduceLoading(state.loading, event), ...(event.type === 'load-started' ? { failure: null } : {}) };
  }
}

function reduceLoading(
  loading: Loading,
  event: Extract<SessionEvent, { type: 'load-started' | 'progress' | 'loaded' | 'load-stopped' }>,
): Loading {
  switch (event.type) {
    case 'load-started':
      return { phase: 'loading', progress: null, plan: null };
    case 'progress':
      return { ...loading, progress: event.progress };
    case 'loaded':
      return { ...loading, phase: 'loaded', plan: event.plan };
    case 'load-stopped':
      return NOT_LOADED;
  }
}

function withModels(state: SessionState, models: readonly ModelSummary[], remembered: string | null): SessionState {
  const chosen = chosenModel(models, state.chosen, remembered);
  const loading = chosen === state.chosen ? state.loading : NOT_LOADED;
  return { ...state, catalogue: { phase: 'ready', models }, chosen, loading };
}

/** A list that was read before stays: a short outage must not take the chosen model away. */
function withoutModels(state: SessionState, notice: Notice): SessionState {
  return state.catalogue.phase === 'ready' ? state : { ...state, catalogue: { phase: 'failed', notice } };
}

function afterFailure(state: SessionState, notice: Notice): SessionState {
  const loading = state.loading.phase === 'loading' ? { ...state.loading, phase: 'none' as const } : state.loading;
  const busy = state.writing.phase === 'prefill' || state.writing.phase === 'writing';
  return { ...state, loading, failure: notice, writing: busy ? endWriting(state.writing, 'failed', null) : state.writing };
}

/** The chosen model as the catalogue describes it. */
export function chosenSummary({ catalogue, chosen }: SessionState): ModelSummary | undefined {
  return catalogue.phase === 'ready' ? catalogue.models.find((model) => model.id === chosen) : undefined;
}

/** What the main button does now. */
export type Activity = 'unavailable' | 'ready' | 'loading' | 'writing';

export function activityOf(state: SessionState): Activity {
  if (state.loading.phase === 'loading') return 'loading';
  if (state.writing.phase === 'prefill' || state.writing.phase === 'writing') return 'writing';
  return state.connection.phase === 'connected' && state.chosen !== null ? 'ready' : 'unavailable';
}

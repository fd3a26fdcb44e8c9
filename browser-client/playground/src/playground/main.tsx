import '../design/tokens.css';
import '../design/base.css';
import '../design/components.css';
import './playground.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Facet, ModelSummary } from '../../../src';
import { ErrorBoundary } from '../shared/error-boundary';
import { getJson } from '../shared/http';
import { NoticeView } from '../shared/notice-view';
import { startTheme } from '../shared/theme';
import { connect } from './client';
import { noticeOf } from './model/notices';
import { PlaygroundSession } from './model/session';
import { App } from './view/app';

declare global {
  /** The connected client, for browser tests and the console. */
  var facet: Facet | undefined;
}

startTheme();

const session = new PlaygroundSession({
  connect,
  listModels: async () => (await getJson<{ models: readonly ModelSummary[] }>('/v1/models')).models,
  now: () => performance.now(),
  onClient: (facet) => {
    globalThis.facet = facet ?? undefined;
  },
});

const broken = () => (
  <NoticeView notice={noticeOf(new Error('The page failed while drawing itself.'))} onAction={() => location.reload()} />
);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <ErrorBoundary fallback={broken}>
      <App session={session} />
    </ErrorBoundary>
  </StrictMode>,
);
void session.start();

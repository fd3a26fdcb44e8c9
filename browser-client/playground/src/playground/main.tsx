import '../design/tokens.css';
import '../design/base.css';
import '../design/components.css';
import './playground.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Facet, ModelSummary } from '../../../src';
import { getJson } from '../shared/http';
import { startTheme } from '../shared/theme';
import { connect } from './client';
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

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App session={session} />
  </StrictMode>,
);
void session.start();

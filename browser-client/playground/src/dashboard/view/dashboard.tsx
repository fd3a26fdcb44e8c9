import type { ModelSummary } from '../../../../src';
import { ErrorBoundary } from '../../shared/error-boundary';
import { Header } from '../../shared/header';
import type { AggregatesDocument, FleetDocument, PoliciesDocument } from '../model/documents';
import { useResource } from '../resource';
import { useLive } from '../use-live';
import { FleetPanel } from './fleet-panel';
import { LiveBadge } from './live-badge';
import { LivePanel } from './live-panel';
import { ModelsPanel } from './models-panel';
import { PoliciesPanel } from './policies-panel';
import { Totals } from './totals';

/** How often the documents are read again, in milliseconds; live events come by themselves. */
const SLOW_MS = 10_000;

/** The operator's page. Each panel reads its own document and fails alone. */
export function Dashboard() {
  const fleet = useResource<FleetDocument>('/v1/telemetry/fleet', SLOW_MS);
  const aggregates = useResource<AggregatesDocument>('/v1/telemetry/aggregates', SLOW_MS);
  const models = useResource<{ models: readonly ModelSummary[] }>('/v1/models', SLOW_MS);
  const policies = useResource<PoliciesDocument>('/v1/policies', SLOW_MS);
  const live = useLive('/v1/telemetry/live', policies.refresh);
  return (
    <>
      <Header page="dashboard">
        <LiveBadge connection={live.connection} />
      </Header>
      <main className="page dashboard" id="content">
        <h1 className="visually-hidden">Facet dashboard</h1>
        <ErrorBoundary fallback={() => null}>
          <Totals fleet={fleet} aggregates={aggregates} models={models} />
        </ErrorBoundary>
        <LivePanel state={live.state} connection={live.connection} />
        <ModelsPanel models={models} />
        <FleetPanel fleet={fleet} aggregates={aggregates} />
        <PoliciesPanel policies={policies} />
      </main>
    </>
  );
}

import type { ModelSummary } from '../../../../src';
import { Panel } from '../../dashboard/view/panel';
import { useResource } from '../../dashboard/resource';
import { Header } from '../../shared/header';
import type { ReportDocument } from '../model/report';
import { BitsTable } from './bits-table';
import { ErrorPanel } from './error-panel';
import { ReportPoints } from './report-points';
import { SizePanel } from './size-panel';
import { Summary } from './summary';

/** A better edition may replace what is shown. */
const EVERY_MS = 15_000;

/** What quantization has cost one model. */
export function ReportPage({ model }: { model: string | null }) {
  return (
    <>
      <Header page="report" />
      <main className="page report" id="content">
        {model === null ? <ChooseModel /> : <Report model={model} />}
      </main>
    </>
  );
}

function Report({ model }: { model: string }) {
  const report = useResource<ReportDocument>(`/v1/models/${encodeURIComponent(model)}/report`, EVERY_MS);
  return (
    <>
      <h1 className="report-title">{model}</h1>
      {report.data && <Summary report={report.data} />}
      <Panel title="Size against quality" className="report-size" resource={report}>
        {(data) => <SizePanel report={data} />}
      </Panel>
      <Panel title="Cuts" className="report-points" resource={report}>
        {(data) => <ReportPoints report={data} />}
      </Panel>
      <Panel title="Bits of each layer" className="report-bits" resource={report}>
        {(data) => <BitsTable report={data} />}
      </Panel>
      <Panel title="Error of each tensor" className="report-errors" resource={report}>
        {(data) => <ErrorPanel report={data} />}
      </Panel>
    </>
  );
}

function ChooseModel() {
  const models = useResource<{ models: readonly ModelSummary[] }>('/v1/models', EVERY_MS);
  return (
    <>
      <h1 className="report-title">Reports</h1>
      <Panel title="Models" className="report-choice" resource={models}>
        {({ models: all }) => (
          <ul className="report-models">
            {all
              .filter((model) => model.state === 'published')
              .map((model) => (
                <li key={model.id}>
                  <a href={`/report?model=${encodeURIComponent(model.id)}`}>{model.id}</a>
                </li>
              ))}
          </ul>
        )}
      </Panel>
    </>
  );
}

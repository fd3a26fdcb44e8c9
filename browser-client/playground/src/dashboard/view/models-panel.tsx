import { ToggleGroup } from 'radix-ui';
import { Boxes, ChartScatter } from 'lucide-react';
import { useId, useState } from 'react';
import type { ModelSummary } from '../../../../src';
import { Empty } from '../../shared/empty';
import * as format from '../../shared/format';
import { importFraction } from '../../shared/import-progress';
import { ProgressBar } from '../../shared/progress-bar';
import { qualityChart, type QualityMetric } from '../model/size-quality';
import type { Resource } from '../resource';
import { Panel } from './panel';
import { PointsTable } from './points-table';
import { QualityScatter } from './quality-scatter';

/** Each model's sizes against what they cost in quality. */
export function ModelsPanel({ models }: { models: Resource<{ models: readonly ModelSummary[] }> }) {
  return (
    <Panel title="Models: size and quality" className="models" resource={models}>
      {(data) => (data.models.length === 0 ? <NoModels /> : <Models models={data.models} />)}
    </Panel>
  );
}

function NoModels() {
  return (
    <>
      <Empty icon={<Boxes aria-hidden />} title="No model has been imported yet">
        A local folder, a URL or an hf: name will do:
      </Empty>
      <code className="code-line">./facet import samples/docs-29m</code>
    </>
  );
}

function Models({ models }: { models: readonly ModelSummary[] }) {
  const [wanted, setWanted] = useState<string | null>(null);
  const [metric, setMetric] = useState<QualityMetric>('meanKl');
  const model = models.find((candidate) => candidate.id === wanted) ?? models.find((candidate) => candidate.state === 'published') ?? models[0]!;
  return (
    <div className="stack">
      <div className="models-controls">
        <ModelSelect models={models} model={model} onChoose={setWanted} />
        <ToggleGroup.Root
          type="single"
          className="segmented"
          aria-label="Quality as"
          value={metric}
          onValueChange={(value) => value && setMetric(value as QualityMetric)}
        >
          <ToggleGroup.Item value="meanKl">Mean KL</ToggleGroup.Item>
          <ToggleGroup.Item value="perplexity">Perplexity</ToggleGroup.Item>
        </ToggleGroup.Root>
      </div>
      <ModelState model={model} metric={metric} />
    </div>
  );
}

interface ModelSelectProps {
  readonly models: readonly ModelSummary[];
  readonly model: ModelSummary;
  readonly onChoose: (id: string) => void;
}

function ModelSelect({ models, model, onChoose }: ModelSelectProps) {
  const id = useId();
  return (
    <div className="model-select">
      <label className="visually-hidden" htmlFor={id}>
        Model
      </label>
      <select id={id} className="select" value={model.id} onChange={(event) => onChoose(event.target.value)}>
        {models.map((candidate) => (
          <option key={candidate.id} value={candidate.id}>
            {candidate.state === 'published' ? candidate.id : `${candidate.id} (${candidate.state})`}
          </option>
        ))}
      </select>
      {model.parameters !== null && <span className="panel-note">{format.count(model.parameters)} weights</span>}
    </div>
  );
}

function ModelState({ model, metric }: { model: ModelSummary; metric: QualityMetric }) {
  if (model.state === 'importing') return <Importing model={model} />;
  if (model.state === 'failed') {
    return (
      <Empty icon={<Boxes aria-hidden />} title="The import failed">
        {model.problem?.detail ?? model.problem?.title ?? 'The service gave no reason.'}
      </Empty>
    );
  }
  const chart = qualityChart(model, metric);
  return (
    <>
      {chart.dots.length > 0 ? (
        <QualityScatter chart={chart} metric={metric} />
      ) : (
        <Empty icon={<ChartScatter aria-hidden />} title="No quality measured yet">
          Sizes are known; the chart appears with the model’s validation report.
        </Empty>
      )}
      <PointsTable points={model.points} />
      <p className="panel-note">
        {model.improving ? 'A calibrated edition is being made. ' : ''}
        <a href={`/v1/models/${encodeURIComponent(model.id)}/report`}>Report: bits and errors by layer</a>
      </p>
    </>
  );
}

function Importing({ model }: { model: ModelSummary }) {
  const fraction = importFraction(model);
  return (
    <div className="stack">
      <p className="panel-note">Being cut into planes{fraction === null ? '' : `: ${format.percent(fraction)}`}.</p>
      <ProgressBar label={`Import of ${model.id}`} fraction={fraction} />
    </div>
  );
}

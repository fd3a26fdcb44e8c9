import type { ModelSummary } from '../../../../src';
import type { AggregatesDocument, FleetDocument } from '../model/documents';
import { totalsOf } from '../model/totals';
import type { Resource } from '../resource';

interface TotalsProps {
  readonly fleet: Resource<FleetDocument>;
  readonly aggregates: Resource<AggregatesDocument>;
  readonly models: Resource<{ models: readonly ModelSummary[] }>;
}

export function Totals({ fleet, aggregates, models }: TotalsProps) {
  const totals = totalsOf({ fleet: fleet.data, aggregates: aggregates.data, models: models.data?.models ?? null });
  return (
    <dl className="totals">
      {totals.map((total) => (
        <div className="total panel" key={total.label}>
          <dt>{total.label}</dt>
          <dd>
            <span className="total-value">{total.value ?? '–'}</span>
            <span className="total-note">{total.value === null ? '' : total.note}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

import type { ReactNode } from 'react';
import * as format from '../../shared/format';
import type { ReportDocument } from '../model/report';

/** What is published, in a line of figures. */
export function Summary({ report }: { report: ReportDocument }) {
  const points = report.points.map(({ point }) => point);
  const baseline = points.find((point) => point.quality)?.quality?.baselinePerplexity;
  const sizes = points.map((point) => point.bytes);
  return (
    <dl className="report-summary">
      <Fact name="Edition" note={report.improving ? 'a calibrated one is being made' : `revision ${report.edition?.revision ?? report.revision}`}>
        {report.edition?.name ?? 'published'}
      </Fact>
      <Fact name="Cuts" note={`${format.bytes(Math.min(...sizes))} to ${format.bytes(Math.max(...sizes))}`}>
        {format.number(points.length)}
      </Fact>
      <Fact name="Full-precision perplexity" note="on text that was not calibrated on">
        {baseline === undefined ? 'not measured' : format.significant(baseline, 4)}
      </Fact>
      <Fact name="Refused" note={report.refused.length === 0 ? 'every cut passes a gate' : report.refused.map(({ id }) => id).join(', ')}>
        {format.number(report.refused.length)}
      </Fact>
    </dl>
  );
}

function Fact({ name, note, children }: { name: string; note: string; children: ReactNode }) {
  return (
    <div className="panel total">
      <dt>{name}</dt>
      <dd>
        <span className="total-value">{children}</span>
        <span className="total-note">{note}</span>
      </dd>
    </div>
  );
}

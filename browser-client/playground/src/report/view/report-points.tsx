import type { ModelPoint } from '../../../../src';
import * as format from '../../shared/format';
import type { ReportDocument } from '../model/report';

const COLUMNS = ['Size', 'Body bits', 'Bits/weight', 'Perplexity', 'Mean KL', 'KL if anchored here', '99 % KL', 'Max. KL', 'Same top token'] as const;

/** All cuts with everything that was measured of them, those that were refused last. */
export function ReportPoints({ report }: { report: ReportDocument }) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Cuts of the model">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Cut</th>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.points.map(({ point, anchoredMeanKl }) => (
            <Row key={point.id} point={point} label={point.label ?? null} anchoredMeanKl={anchoredMeanKl} />
          ))}
          {report.refused.map((point) => (
            <Row key={point.id} point={point} label="refused" anchoredMeanKl={null} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly point: ModelPoint;
  readonly label: string | null;
  readonly anchoredMeanKl: number | null;
}

function Row({ point, label, anchoredMeanKl }: RowProps) {
  const { quality } = point;
  return (
    <tr>
      <td>
        {point.id} {label && <span className={`badge badge-${label}`}>{label}</span>}
      </td>
      <td className="number">{format.bytes(point.bytes)}</td>
      <td className="number">{format.number(point.bodyBits, 2)}</td>
      <td className="number">{format.number(point.bitsPerWeight, 2)}</td>
      <td className="number">{quality ? format.significant(quality.perplexity, 4) : '–'}</td>
      <td className="number">{quality ? format.significant(quality.meanKl) : '–'}</td>
      <td className="number">{anchoredMeanKl == null ? '–' : `≈ ${format.significant(anchoredMeanKl)}`}</td>
      <td className="number">{quality ? quality.p99Kl === undefined ? '–' : format.significant(quality.p99Kl) : '–'}</td>
      <td className="number">{quality?.maxKl == null ? '–' : format.significant(quality.maxKl)}</td>
      <td className="number">{quality ? `${format.number(quality.top1Agreement * 100, 1)} %` : '–'}</td>
    </tr>
  );
}

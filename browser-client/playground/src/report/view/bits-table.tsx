import * as format from '../../shared/format';
import type { ReportDocument } from '../model/report';

/** Layers down, cuts across: the more bits, the lighter the cell, in the colours of the planes. */
export function BitsTable({ report }: { report: ReportDocument }) {
  const points = report.points.map(({ point }) => point.id);
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Bits of each layer">
      <table className="table bits-table">
        <thead>
          <tr>
            <th scope="col">Layer</th>
            {points.map((id) => (
              <th key={id} scope="col" className="number">
                {id}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.layers.map(({ layer, bits }) => (
            <tr key={layer}>
              <th scope="row">{layer}</th>
              {points.map((id) => (
                <td key={id} className={`number bits-${Math.round(bits[id] ?? 0)}`}>
                  {bits[id] === undefined ? '–' : format.compact(bits[id])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="panel-note">Bits of a weight’s code, scales left out; a layer’s tensors count by their weights.</p>
    </div>
  );
}

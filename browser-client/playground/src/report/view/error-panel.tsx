import { ToggleGroup } from 'radix-ui';
import { useState } from 'react';
import * as format from '../../shared/format';
import { errorsByLayer, laddersOf, shortName, type ReportDocument } from '../model/report';
import { ErrorChart } from './error-chart';

/** Per-tensor errors of one ladder at its anchors, and the worst of them by name. */
export function ErrorPanel({ report }: { report: ReportDocument }) {
  const ladders = laddersOf(report);
  const [wanted, setWanted] = useState<string | null>(null);
  const ladder = ladders.find((name) => name === wanted) ?? ladders[0]!;
  return (
    <div className="stack">
      <ToggleGroup.Root type="single" className="segmented" aria-label="Ladder" value={ladder} onValueChange={(value) => value && setWanted(value)}>
        {ladders.map((name) => (
          <ToggleGroup.Item key={name} value={name}>
            {name}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
      <ErrorChart dots={errorsByLayer(report, ladder)} />
      <h3 className="report-subtitle">Worst tensors of {ladder}</h3>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Worst tensors">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Tensor</th>
              <th scope="col" className="number">
                Anchor
              </th>
              <th scope="col" className="number">
                Relative error
              </th>
            </tr>
          </thead>
          <tbody>
            {(report.worst[ladder] ?? []).map((error) => (
              <tr key={error.tensor}>
                <td title={error.tensor}>{shortName(error.tensor)}</td>
                <td className="number">{error.anchor} bits</td>
                <td className="number">{format.number(error.relativeError * 100, 2)} %</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

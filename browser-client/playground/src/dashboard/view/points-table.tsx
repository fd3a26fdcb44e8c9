import type { ModelPoint } from '../../../../src';
import * as format from '../../shared/format';

/** All cuts of a model, smallest first. */
export function PointsTable({ points }: { points: readonly ModelPoint[] }) {
  const sorted = [...points].sort((a, b) => a.bytes - b.bytes);
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Cuts of the model">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Cut</th>
            <th scope="col" className="number">
              Size
            </th>
            <th scope="col" className="number">
              Bits/weight
            </th>
            <th scope="col" className="number">
              Mean KL
            </th>
            <th scope="col" className="number">
              Perplexity
            </th>
            <th scope="col" className="number">
              Same top token
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map(({ id, bytes, bitsPerWeight, quality }) => (
            <tr key={id}>
              <td>{id}</td>
              <td className="number">{format.bytes(bytes)}</td>
              <td className="number">{format.number(bitsPerWeight, 2)}</td>
              <td className="number">{quality ? format.significant(quality.meanKl) : '–'}</td>
              <td className="number">{quality ? format.significant(quality.perplexity, 4) : '–'}</td>
              <td className="number">{quality ? `${format.number(quality.top1Agreement * 100, 1)} %` : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

import * as format from '../../shared/format';
import type { Picture } from '../model/picture';

/** The picture in words, for keyboards and screen readers. */
export function PictureTable({ picture }: { picture: Picture }) {
  return (
    <details className="disclosure">
      <summary>Show as a table</summary>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Planes as a table">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Part</th>
              <th scope="col" className="number">
                Bits present
              </th>
              <th scope="col" className="number">
                Bits planned
              </th>
              <th scope="col" className="number">
                Received
              </th>
              <th scope="col" className="number">
                Size
              </th>
            </tr>
          </thead>
          <tbody>
            {picture.columns.map((column) => (
              <tr key={column.key}>
                <td>{column.name}</td>
                <td className="number">{format.number(column.depthPresent, 2)}</td>
                <td className="number">{format.number(column.depthPlanned, 2)}</td>
                <td className="number">{format.bytes(column.bytesDone)}</td>
                <td className="number">{format.bytes(column.bytesTotal)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

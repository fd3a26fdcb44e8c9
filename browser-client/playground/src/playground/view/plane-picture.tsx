import { useMemo, useState } from 'react';
import * as format from '../../shared/format';
import { useWidth } from '../../shared/use-width';
import { layOut, type PictureLayout } from '../model/picture-layout';
import { planeDepths, type Picture, type PictureColumn } from '../model/picture';

const HEIGHT = 208;

/** Columns are layers, storeys are planes: solid is usable, pale has arrived, outlined is to come. */
export function PlanePicture({ picture }: { picture: Picture }) {
  const [element, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<number | null>(null);
  const layout = useMemo(() => (width > 0 ? layOut(picture, width, HEIGHT) : null), [picture, width]);
  const column = pointed === null ? null : picture.columns[pointed];
  return (
    <figure className="picture">
      <div ref={element} className="picture-canvas">
        {layout && <Drawing layout={layout} picture={picture} pointed={pointed} onPoint={setPointed} />}
      </div>
      <figcaption className="picture-caption">
        <span role="status">{column ? columnSentence(column) : picture.summary.sentence}</span>
        <Legend picture={picture} />
      </figcaption>
    </figure>
  );
}

interface DrawingProps {
  readonly layout: PictureLayout;
  readonly picture: Picture;
  readonly pointed: number | null;
  readonly onPoint: (column: number | null) => void;
}

function Drawing({ layout, picture, pointed, onPoint }: DrawingProps) {
  return (
    <svg
      width={layout.width}
      height={layout.height}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      role="img"
      aria-label={description(picture)}
      onPointerLeave={() => onPoint(null)}
    >
      {layout.scale.map(({ depth, y }) => (
        <text key={depth} className="picture-scale" x={38} y={y} textAnchor="end" dominantBaseline="central">
          {depth} bits
        </text>
      ))}
      {layout.paths.map(({ depth, state, d }) => (
        <path key={`${depth} ${state}`} className={`cell cell-${state} cell-depth-${depth}`} d={d} />
      ))}
      {layout.columns.map(({ column, x, width, showLabel }, index) => (
        <g key={column.key} onPointerEnter={() => onPoint(index)} onPointerDown={() => onPoint(index)}>
          <rect className={pointed === index ? 'column-hit column-pointed' : 'column-hit'} x={x - 3} y={0} width={width + 6} height={layout.height - 20} rx={5} />
          {showLabel && (
            <text className="picture-label" x={x + width / 2} y={layout.height - 6} textAnchor="middle">
              {column.label}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

function Legend({ picture }: { picture: Picture }) {
  const depths = planeDepths(picture.topDepth);
  const cut = picture.columns.some((column) => column.parts.some((part) => part.depthPlanned < picture.topDepth));
  return (
    <ul className="legend" aria-label="Legend">
      <li>
        <span className="ramp" aria-hidden>
          {depths.map((depth) => (
            <span key={depth} className={`ramp-step cell-depth-${depth}`} />
          ))}
        </span>
        base to bit {picture.topDepth}
      </li>
      <li>
        <span className="swatch swatch-awaited" /> to come
      </li>
      {cut && (
        <li>
          <span className="swatch swatch-ghost" /> cut away
        </li>
      )}
    </ul>
  );
}

function columnSentence(column: PictureColumn): string {
  const bits = `${format.compact(column.depthPresent)} of ${format.compact(column.depthPlanned)} bits`;
  return `${column.name}: ${bits}, ${format.bytes(column.bytesDone)} of ${format.bytes(column.bytesTotal)}.`;
}

function description(picture: Picture): string {
  const { bitsPresent, bitsPlanned, fraction } = picture.summary;
  const bits = `${format.number(bitsPresent, 2)} of ${format.number(bitsPlanned, 2)} bits a weight`;
  return `Planes of ${format.plural(picture.columns.length, 'part')} of the model: ${format.percent(fraction)} received, ${bits} usable.`;
}

import { scaleLinear } from 'd3-scale';
import { useState } from 'react';
import * as format from '../../shared/format';
import { useWidth } from '../../shared/use-width';
import { kindsOf, shortName, type ErrorDot } from '../model/report';

const HEIGHT = 230;
const MARGIN = { top: 18, right: 12, bottom: 40, left: 52 };
const SERIES = 5;

/** Layers to the right, relative error upwards, one colour for each kind of tensor group. */
export function ErrorChart({ dots }: { dots: readonly ErrorDot[] }) {
  const [element, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<ErrorDot | null>(null);
  const kinds = kindsOf(dots);
  return (
    <figure>
      <ul className="legend report-legend">
        {kinds.map((kind, index) => (
          <li key={kind}>
            <span className={`swatch-kind kind-${index % SERIES}`} aria-hidden /> {kind}
          </li>
        ))}
      </ul>
      <div ref={element} className="chart-canvas chart-errors">
        {width > 0 && <Drawing dots={dots} kinds={kinds} width={width} pointed={pointed} onPoint={setPointed} />}
      </div>
      <figcaption className="panel-note" role="status">
        {pointed ? sentence(pointed) : 'Norm of a tensor’s coding error over the norm of its weights, read at the ladder’s anchor.'}
      </figcaption>
    </figure>
  );
}

interface DrawingProps {
  readonly dots: readonly ErrorDot[];
  readonly kinds: readonly string[];
  readonly width: number;
  readonly pointed: ErrorDot | null;
  readonly onPoint: (dot: ErrorDot | null) => void;
}

function Drawing({ dots, kinds, width, pointed, onPoint }: DrawingProps) {
  const layers = Math.max(0, ...dots.map((dot) => dot.layer)) + 1;
  const largest = Math.max(0, ...dots.map((dot) => dot.error.relativeError));
  const x = scaleLinear([-0.5, layers - 0.5], [MARGIN.left, width - MARGIN.right]);
  const y = scaleLinear([0, largest * 1.1 || 1], [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const step = Math.ceil(layers / Math.max(4, Math.floor(width / 60)));
  const offset = (kind: string) => ((kinds.indexOf(kind) - (kinds.length - 1) / 2) * Math.min(12, (x(1) - x(0)) / (kinds.length + 1)));
  return (
    <svg width={width} height={HEIGHT} role="group" aria-label="Relative error of each tensor by layer">
      {y.ticks(4).map((tick) => (
        <g key={tick}>
          <line className="grid-line" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} />
          <text className="tick" x={MARGIN.left - 8} y={y(tick)} textAnchor="end" dominantBaseline="central">
            {format.compact(tick * 100)} %
          </text>
        </g>
      ))}
      {Array.from({ length: layers }, (_, layer) => layer)
        .filter((layer) => layer % step === 0)
        .map((layer) => (
          <text key={layer} className="tick" x={x(layer)} y={HEIGHT - MARGIN.bottom + 18} textAnchor="middle">
            {layer}
          </text>
        ))}
      <text className="axis-name" x={width - MARGIN.right} y={HEIGHT - 4} textAnchor="end">
        layer
      </text>
      {dots.map((dot) => (
        <circle
          key={dot.error.tensor}
          className={`error-dot kind-${kinds.indexOf(dot.kind) % SERIES}`}
          cx={x(dot.layer) + offset(dot.kind)}
          cy={y(dot.error.relativeError)}
          r={pointed === dot ? 6.5 : 4.5}
          role="img"
          aria-label={sentence(dot)}
          onPointerEnter={() => onPoint(dot)}
          onPointerLeave={() => onPoint(null)}
        />
      ))}
    </svg>
  );
}

function sentence({ error }: ErrorDot): string {
  return `${shortName(error.tensor)}: ${format.number(error.relativeError * 100, 2)} % at ${error.anchor} bits.`;
}

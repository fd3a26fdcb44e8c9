import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { useState } from 'react';
import * as format from '../../shared/format';
import { useWidth } from '../../shared/use-width';
import type { QualityChart, QualityDot, QualityMetric } from '../model/size-quality';

const HEIGHT = 240;
const PEER = 4.5;
const MARGIN = { top: 16, right: 20, bottom: 42, left: 56 };
const NAMES: Readonly<Record<QualityMetric, string>> = { meanKl: 'mean KL, nats', perplexity: 'perplexity' };
const TICKS = 5;

/** Size to the right, loss of quality upwards: the best cuts lie low and to the left, joined by the front's line. */
export function QualityScatter({ chart, metric, height = HEIGHT }: { chart: QualityChart; metric: QualityMetric; height?: number }) {
  const [element, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<string | null>(null);
  const dot = [...chart.dots, ...(chart.peers ?? [])].find((candidate) => candidate.id === pointed);
  return (
    <figure>
      <div ref={element} className="chart-canvas chart-quality">
        {width > 0 && <Drawing chart={chart} metric={metric} width={width} height={height} pointed={pointed} onPoint={setPointed} />}
      </div>
      <figcaption className="panel-note" role="status">
        {dot ? sentence(dot, metric) : 'The line joins the cuts that no other cut beats in both size and quality.'}
      </figcaption>
    </figure>
  );
}

interface DrawingProps {
  readonly chart: QualityChart;
  readonly metric: QualityMetric;
  readonly width: number;
  readonly height: number;
  readonly pointed: string | null;
  readonly onPoint: (id: string | null) => void;
}

function Drawing({ chart, metric, width, height, pointed, onPoint }: DrawingProps) {
  const { x, y, ticks } = scales(chart, metric, width, height);
  const front = line<QualityDot>((dot) => x(dot.bytes), (dot) => y(dot.quality))(chart.dots.filter((dot) => dot.onFront));
  return (
    <svg width={width} height={height} role="group" aria-label={`Sizes against ${NAMES[metric]}`}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="grid-line" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} />
          <text className="tick" x={MARGIN.left - 8} y={y(tick)} textAnchor="end" dominantBaseline="central">
            {format.significant(tick, 2)}
          </text>
        </g>
      ))}
      {x.ticks(Math.max(3, Math.floor(width / 130))).map((tick) => (
        <text key={tick} className="tick" x={x(tick)} y={height - MARGIN.bottom + 18} textAnchor="middle">
          {format.bytes(tick)}
        </text>
      ))}
      <text className="axis-name" x={width - MARGIN.right} y={height - 4} textAnchor="end">
        size
      </text>
      <text className="axis-name" x={MARGIN.left} y={10}>
        {NAMES[metric]}
      </text>
      {chart.baseline !== null && (
        <>
          <line className="baseline" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(chart.baseline)} y2={y(chart.baseline)} />
          <text className="tick" x={width - MARGIN.right} y={y(chart.baseline) - 6} textAnchor="end">
            full precision
          </text>
        </>
      )}
      {(chart.peers ?? []).map((peer) => (
        <PeerMark key={peer.id} peer={peer} metric={metric} cx={x(peer.bytes)} cy={y(peer.quality)} onPoint={onPoint} />
      ))}
      {front && <path className="front" d={front} />}
      {chart.dots.map((dot) => (
        <Dot key={dot.id} dot={dot} metric={metric} cx={x(dot.bytes)} cy={y(dot.quality)} right={width} pointed={pointed === dot.id} onPoint={onPoint} />
      ))}
    </svg>
  );
}

interface DotProps {
  readonly dot: QualityDot;
  readonly metric: QualityMetric;
  readonly cx: number;
  readonly cy: number;
  readonly right: number;
  readonly pointed: boolean;
  readonly onPoint: (id: string | null) => void;
}

function Dot({ dot, metric, cx, cy, right, pointed, onPoint }: DotProps) {
  const turned = cx > right - 90;
  return (
    <g
      className={dot.onFront ? 'dot dot-front' : 'dot'}
      role="img"
      tabIndex={0}
      aria-label={sentence(dot, metric)}
      onPointerEnter={() => onPoint(dot.id)}
      onPointerLeave={() => onPoint(null)}
      onFocus={() => onPoint(dot.id)}
      onBlur={() => onPoint(null)}
    >
      <circle className="dot-hit" cx={cx} cy={cy} r={14} />
      <circle cx={cx} cy={cy} r={pointed ? 7 : 5.5} />
      <text className="dot-label" x={turned ? cx + 12 : cx + 11} y={turned ? cy - 13 : cy - 8} textAnchor={turned ? 'end' : 'start'}>
        {dot.id}
      </text>
    </g>
  );
}

interface PeerMarkProps {
  readonly peer: QualityDot;
  readonly metric: QualityMetric;
  readonly cx: number;
  readonly cy: number;
  readonly onPoint: (id: string | null) => void;
}

/** Another tool's file: a square, without a label of its own until it is pointed at. */
function PeerMark({ peer, metric, cx, cy, onPoint }: PeerMarkProps) {
  return (
    <rect
      className="peer"
      x={cx - PEER}
      y={cy - PEER}
      width={2 * PEER}
      height={2 * PEER}
      role="img"
      aria-label={sentence(peer, metric)}
      onPointerEnter={() => onPoint(peer.id)}
      onPointerLeave={() => onPoint(null)}
    />
  );
}

function scales(chart: QualityChart, metric: QualityMetric, width: number, height: number) {
  const all = [...chart.dots, ...(chart.peers ?? [])];
  const sizes = all.map((dot) => dot.bytes);
  const values = [...all.map((dot) => dot.quality), ...(chart.baseline === null ? [] : [chart.baseline])];
  // Beside other tools' files the distances between neighbours matter more than the proportions.
  const least = chart.peers?.length ? Math.min(...sizes) * 0.85 : 0;
  const x = scaleLinear([least, Math.max(...sizes) * 1.12], [MARGIN.left, width - MARGIN.right]);
  const range = [height - MARGIN.bottom, MARGIN.top];
  const low = Math.min(...values);
  const high = Math.max(...values);
  // KL spans orders of magnitude between two and eight bits; perplexity does not.
  if (metric === 'meanKl' && low > 0) {
    const y = scaleLog([low / 2, high * 2], range);
    return { x, y, ticks: y.ticks(TICKS).filter((tick) => Number.isInteger(Math.log10(tick)) || high / low < 10).slice(0, 8) };
  }
  const room = (high - low || high || 1) * 0.15;
  const y = scaleLinear([low - room, high + room], range).nice(TICKS);
  return { x, y, ticks: y.ticks(TICKS) };
}

function sentence(dot: QualityDot, metric: QualityMetric): string {
  return `${dot.id}: ${format.bytes(dot.bytes)}, ${format.compact(dot.bits)} bits a weight, ${NAMES[metric]} ${format.significant(dot.quality)}.`;
}

import { scaleLinear } from 'd3-scale';
import * as format from '../../shared/format';
import { useWidth } from '../../shared/use-width';
import { WINDOW_MS, type LiveEvent } from '../model/live';

const HEIGHT = 268;
const MARGIN = { top: 12, right: 12, bottom: 48, left: 46 };

/** The last minute of events: texts as dots at their speed; loads, failures and policies as marks on a lane below. */
export function LiveChart({ events, now }: { events: readonly LiveEvent[]; now: number }) {
  const [element, width] = useWidth<HTMLDivElement>();
  return (
    <figure>
      <div ref={element} className="chart-canvas chart-live">
        {width > 0 && <Drawing events={events} now={now} width={width} />}
      </div>
      <figcaption>
        <ul className="legend">
          <li>
            <span className="swatch swatch-wasm" /> text on WebAssembly, at its speed
          </li>
          <li>
            <span className="swatch swatch-webgpu" /> text on WebGPU
          </li>
          <li>
            <span className="swatch swatch-load" /> load
          </li>
          <li>
            <span className="swatch swatch-failure" /> failure
          </li>
          <li>
            <span className="swatch swatch-policy" /> policy change
          </li>
        </ul>
      </figcaption>
    </figure>
  );
}

function Drawing({ events, now, width }: { events: readonly LiveEvent[]; now: number; width: number }) {
  const x = scaleLinear([now - WINDOW_MS, now], [MARGIN.left, width - MARGIN.right]);
  const fastest = Math.max(10, ...events.map((event) => event.tokensPerSecond ?? 0));
  const y = scaleLinear([0, fastest * 1.08], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(4);
  const lane = HEIGHT - MARGIN.bottom + 13;
  return (
    <svg width={width} height={HEIGHT} role="img" aria-label={`Tokens a second of the last ${format.plural(events.length, 'event')}.`}>
      {y.ticks(4).map((tick) => (
        <g key={tick}>
          <line className="grid-line" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} />
          <text className="tick" x={MARGIN.left - 8} y={y(tick)} textAnchor="end" dominantBaseline="central">
            {format.number(tick)}
          </text>
        </g>
      ))}
      {[60, 45, 30, 15, 0].map((seconds) => (
        <text key={seconds} className="tick" x={x(now - seconds * 1000)} y={HEIGHT - 6} textAnchor={seconds === 0 ? 'end' : 'middle'}>
          {seconds === 0 ? 'now' : `−${seconds} s`}
        </text>
      ))}
      <text className="tick" x={MARGIN.left - 8} y={lane} textAnchor="end" dominantBaseline="central">
        other
      </text>
      {events.map((event) =>
        event.tokensPerSecond === null ? (
          <rect key={event.id} className={`mark mark-${event.type}`} x={x(event.at) - 2} y={lane - 6} width={4} height={12} rx={2} />
        ) : (
          <circle key={event.id} className={`mark mark-${event.backend}`} cx={x(event.at)} cy={y(event.tokensPerSecond)} r={4.5} />
        ),
      )}
    </svg>
  );
}

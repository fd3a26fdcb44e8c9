import { MonitorSmartphone } from 'lucide-react';
import { Empty } from '../../shared/empty';
import * as format from '../../shared/format';
import type { AggregatesDocument, FleetDocument } from '../model/documents';
import { fleetRows, type FleetRow } from '../model/fleet';
import type { Resource } from '../resource';
import { Panel } from './panel';

interface FleetPanelProps {
  readonly fleet: Resource<FleetDocument>;
  readonly aggregates: Resource<AggregatesDocument>;
}

/** The browsers that came, by device class. Browsers that report the very same share a profile. */
export function FleetPanel({ fleet, aggregates }: FleetPanelProps) {
  return (
    <Panel title="Fleet by device class" className="fleet" resource={fleet} actions={<Legend />}>
      {(data) =>
        data.classes.length === 0 ? (
          <Empty icon={<MonitorSmartphone aria-hidden />} title="No browser has come by yet">
            Open the <a href="/">playground</a> in any browser: it is measured and appears here.
          </Empty>
        ) : (
          <ul className="fleet-rows">
            {fleetRows(data, aggregates.data).map((row) => (
              <FleetItem key={row.deviceClass} row={row} />
            ))}
          </ul>
        )
      }
    </Panel>
  );
}

function Legend() {
  return (
    <ul className="legend">
      <li>
        <span className="swatch swatch-wasm" /> WebAssembly
      </li>
      <li>
        <span className="swatch swatch-webgpu" /> WebGPU
      </li>
    </ul>
  );
}

function FleetItem({ row }: { row: FleetRow }) {
  return (
    <li className="fleet-row" title={row.description}>
      <div className="fleet-line">
        <code>{row.deviceClass}</code>
        <span className="fleet-count">{format.plural(row.profiles, 'profile')}, {format.plural(row.sessions, 'session')}</span>
      </div>
      <div className="bar" aria-hidden>
        <div className={`bar-part backend-${row.backend}`} style={{ width: `${row.length * 100}%` }} />
      </div>
      <p className="fleet-facts">
        {row.description} <span className="fleet-speed">{speedOf(row)}</span>
      </p>
    </li>
  );
}

function speedOf({ busiest, lastSeenAt }: FleetRow): string {
  const seen = `Newest profile ${format.ago(lastSeenAt)}.`;
  if (!busiest?.decodeMsPerToken) return `No text measured yet. ${seen}`;
  const { p50, p95 } = busiest.decodeMsPerToken;
  return `${busiest.model} ${busiest.point}: ${format.significant(p50)} ms a token, p95 ${format.significant(p95)}. ${seen}`;
}

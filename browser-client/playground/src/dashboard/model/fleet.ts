import type { AggregateCell, AggregatesDocument, FleetDocument } from './documents';

/** A device class of the fleet with what was measured on it. */
export interface FleetRow {
  readonly deviceClass: string;
  readonly description: string;
  readonly backend: string;
  readonly profiles: number;
  /** Part of the largest class, 0..1: the length of the bar. */
  readonly length: number;
  readonly sessions: number;
  readonly lastSeenAt: string;
  /** The most used model and point here; null where nothing was measured. */
  readonly busiest: AggregateCell | null;
}

export function fleetRows(fleet: FleetDocument, aggregates: AggregatesDocument | null): FleetRow[] {
  const largest = Math.max(1, ...fleet.classes.map((row) => row.profiles));
  return [...fleet.classes]
    .sort((a, b) => b.profiles - a.profiles || a.deviceClass.localeCompare(b.deviceClass))
    .map(({ deviceClass, description, backend, profiles, sessions, lastSeenAt }) => ({
      deviceClass,
      description,
      backend,
      profiles,
      length: profiles / largest,
      sessions,
      lastSeenAt,
      busiest: busiestCell(aggregates?.cells ?? [], deviceClass),
    }));
}

function busiestCell(cells: readonly AggregateCell[], deviceClass: string): AggregateCell | null {
  const measured = cells.filter((cell) => cell.deviceClass === deviceClass && cell.decodeMsPerToken !== null);
  return measured.reduce<AggregateCell | null>((best, cell) => (best && best.generations >= cell.generations ? best : cell), null);
}

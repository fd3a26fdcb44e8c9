import type { ModelSummary } from '../../../../src';
import * as format from '../../shared/format';
import type { AggregateCell, AggregatesDocument, FleetDocument } from './documents';

/** One figure of the strip on top; `value` is null while unknown. */
export interface Total {
  readonly label: string;
  readonly value: string | null;
  readonly note: string;
}

interface Sources {
  readonly fleet: FleetDocument | null;
  readonly aggregates: AggregatesDocument | null;
  readonly models: readonly ModelSummary[] | null;
}

export function totalsOf({ fleet, aggregates, models }: Sources): Total[] {
  const cells = aggregates?.cells ?? [];
  const total = (value: (cell: AggregateCell) => number) => cells.reduce((sum, cell) => sum + value(cell), 0);
  const measured = (value: () => string) => (aggregates ? value() : null);
  const published = models?.filter((model) => model.state === 'published') ?? [];
  const events = total((cell) => cell.loads + cell.generations + cell.failures);
  return [
    {
      label: 'Device profiles',
      value: fleet && format.number(fleet.profiles),
      note: fleet ? format.plural(fleet.classes.length, 'device class', 'device classes') : '',
    },
    {
      label: 'Models',
      value: models && format.number(published.length),
      note: format.plural(published.reduce((sum, model) => sum + model.points.length, 0), 'size'),
    },
    { label: 'Texts, 24 h', value: measured(() => format.count(total((cell) => cell.generations))), note: `${format.count(total((cell) => cell.tokens))} tokens` },
    { label: 'Delivered, 24 h', value: measured(() => format.bytes(delivered(aggregates))), note: format.plural(streams(aggregates), 'stream') },
    {
      label: 'Failures, 24 h',
      value: measured(() => format.number(total((cell) => cell.failures))),
      note: events > 0 ? `${format.compact((100 * total((cell) => cell.failures)) / events, 1)} % of events` : 'no events',
    },
  ];
}

function delivered(aggregates: AggregatesDocument | null): number {
  return (aggregates?.deliveries ?? []).reduce((sum, delivery) => sum + delivery.bytes, 0);
}

function streams(aggregates: AggregatesDocument | null): number {
  return (aggregates?.deliveries ?? []).reduce((sum, delivery) => sum + delivery.streams, 0);
}

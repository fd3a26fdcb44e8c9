import { Activity } from 'lucide-react';
import { Empty } from '../../shared/empty';
import * as format from '../../shared/format';
import { inWindow, medianRate, type LiveEvent, type LiveState, type LiveType } from '../model/live';
import { useClock } from '../use-clock';
import type { LiveConnection } from '../use-live';
import { LiveChart } from './live-chart';

const NAMES: Readonly<Record<LiveType, string>> = { generation: 'Text', load: 'Load', failure: 'Failure', policy: 'Policy' };
const LISTED = 40;

/** What browsers report at this moment: a chart of the last minute and the newest events. */
export function LivePanel({ state, connection }: { state: LiveState; connection: LiveConnection }) {
  const now = useClock(1000);
  const recent = inWindow(state, now);
  return (
    <section className="panel live" aria-label="Live telemetry">
      <div className="panel-head">
        <h2 className="panel-title">Live telemetry</h2>
        <Summary recent={recent} />
      </div>
      <div className="panel-body">
        {state.events.length === 0 ? (
          <Empty icon={<Activity aria-hidden />} title={connection === 'lost' ? 'The live stream cannot be reached' : 'Waiting for browsers'}>
            {connection === 'lost'
              ? 'It is tried again by itself. See which service is down with ./facet status.'
              : 'Open the playground in a browser that shares its measurements: loads and texts tick in here.'}
          </Empty>
        ) : (
          <div className="live-columns">
            <LiveChart events={recent} now={now} />
            <EventList events={state.events.slice(0, LISTED)} now={now} />
          </div>
        )}
      </div>
    </section>
  );
}

function Summary({ recent }: { recent: readonly LiveEvent[] }) {
  const rate = medianRate(recent);
  if (recent.length === 0) return null;
  return (
    <p className="panel-note">
      {format.plural(recent.length, 'event')} in the last minute
      {rate !== null && `, median ${format.number(rate, rate < 100 ? 1 : 0)} tokens/s`}
    </p>
  );
}

function EventList({ events, now }: { events: readonly LiveEvent[]; now: number }) {
  return (
    <ol className="events" tabIndex={0} aria-label="Newest events">
      {events.map((event) => (
        <li className="event" key={event.id}>
          <span className={`badge event-type event-${event.type}`}>{NAMES[event.type]}</span>
          <span className="event-text">{event.text}</span>
          <time className="event-time" dateTime={new Date(event.at).toISOString()}>
            {format.ago(event.at, now)}
          </time>
          <span className="event-source">
            {[event.model, event.point, event.deviceClass].filter((part) => part !== '').join(' · ')}
          </span>
        </li>
      ))}
    </ol>
  );
}

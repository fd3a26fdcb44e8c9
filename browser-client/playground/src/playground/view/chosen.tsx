import { Check, Cpu, X } from 'lucide-react';
import type { CapabilityReport, Plan } from '../../../../src';
import { Empty } from '../../shared/empty';
import { capabilitiesOf } from '../model/capabilities';
import { choicesOf, memoryOf } from '../model/reasons';
import type { PlaygroundSession } from '../model/session';
import type { Connection } from '../model/session-state';
import { useSession } from './use-session';

/** What the mesh knows about this browser, and what it chose for it and why. */
export function Chosen({ session }: { session: PlaygroundSession }) {
  const connection = useSession(session, (state) => state.connection);
  const plan = useSession(session, (state) => state.loading.plan);
  return (
    <section className="panel" aria-label="Chosen for this browser">
      <div className="panel-head">
        <h2 className="panel-title">Chosen for this browser</h2>
      </div>
      <div className="panel-body stack">
        <Device connection={connection} />
        {plan ? (
          <>
            <Choices plan={plan} />
            <Memory plan={plan} />
          </>
        ) : (
          <p className="panel-note">The plan, with the reason for each choice, stands here once a model is loaded.</p>
        )}
      </div>
    </section>
  );
}

function Device({ connection }: { connection: Connection }) {
  if (connection.phase === 'connecting') {
    return (
      <div className="stack" aria-label="Measuring this browser" aria-busy>
        <div className="skeleton" />
        <div className="skeleton" />
      </div>
    );
  }
  if (connection.phase === 'failed') {
    return <Empty icon={<Cpu aria-hidden />} title="Not connected" />;
  }
  return (
    <div className="device">
      <p>{connection.profile.description}</p>
      <code className="device-class" title="Device class">
        {connection.profile.deviceClass}
      </code>
      <Capabilities report={connection.report} />
    </div>
  );
}

function Capabilities({ report }: { report: CapabilityReport }) {
  return (
    <ul className="capabilities" aria-label="Measured in this browser">
      {capabilitiesOf(report).map((capability) => (
        <li key={capability.name} className={capability.present ? 'badge' : 'badge badge-missing'} title={capability.detail}>
          {capability.present ? <Check aria-label="has" /> : <X aria-label="lacks" />}
          {capability.name}
        </li>
      ))}
    </ul>
  );
}

function Choices({ plan }: { plan: Plan }) {
  return (
    <dl className="choices">
      {choicesOf(plan).map((choice) => (
        <div className="choice" key={choice.name}>
          <dt>{choice.name}</dt>
          <dd>
            <p className="choice-value">
              <strong>{choice.value}</strong>
              {choice.runnerUp && <span className="choice-runner-up">{choice.runnerUp}</span>}
            </p>
            <p className="choice-because">{choice.because}</p>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Memory({ plan }: { plan: Plan }) {
  const memory = memoryOf(plan);
  return (
    <div className="memory">
      <p className="field-label">
        <span>Memory</span>
        <span className="field-value">
          {memory.total} of {memory.budget}
        </span>
      </p>
      <div className="bar" aria-hidden>
        {memory.parts.map((part, index) => (
          <div key={part.name} className={`bar-part memory-part-${index}`} style={{ width: `${part.share * 100}%` }} />
        ))}
      </div>
      <ul className="legend">
        {memory.parts.map((part, index) => (
          <li key={part.name}>
            <span className={`swatch memory-part-${index}`} /> {part.name} {part.size}
          </li>
        ))}
      </ul>
      {memory.because !== '' && <p className="choice-because">{memory.because}</p>}
    </div>
  );
}

import { SlidersHorizontal } from 'lucide-react';
import { Empty } from '../../shared/empty';
import * as format from '../../shared/format';
import type { PoliciesDocument } from '../model/documents';
import { policyViews, type PolicyView } from '../model/policies';
import type { Resource } from '../resource';
import { Panel } from './panel';

/** What the tuner prefers for each model and device class, and why. */
export function PoliciesPanel({ policies }: { policies: Resource<PoliciesDocument> }) {
  return (
    <Panel title="Policies of the tuner" className="policies" resource={policies}>
      {(data) =>
        data.policies.length === 0 ? (
          <Empty icon={<SlidersHorizontal aria-hidden />} title="The tuner has decided nothing yet">
            Every browser gets the default cut. A policy appears when measurements of a device class are in.
          </Empty>
        ) : (
          <ul className="policy-list">
            {policyViews(data.policies).map((policy) => (
              <PolicyItem key={policy.key} policy={policy} />
            ))}
          </ul>
        )
      }
    </Panel>
  );
}

function PolicyItem({ policy }: { policy: PolicyView }) {
  return (
    <li className="policy">
      <div className="policy-head">
        <span className="policy-name">{policy.model}</span>
        <code>{policy.deviceClass}</code>
        <span className={policy.state === 'moved' ? 'badge badge-accent' : 'badge'}>
          {policy.point}, {policy.stateText}
        </span>
        <span className="policy-time">{format.ago(policy.decidedAt)}</span>
      </div>
      <p>{policy.reason}</p>
      <p className="policy-evidence">{policy.evidence}</p>
      {policy.load !== null && <Target load={policy.load} />}
      {policy.history.length > 0 && <History policy={policy} />}
    </li>
  );
}

/** The median against the target; the mark stands at the target. */
function Target({ load }: { load: number }) {
  const scale = Math.max(1.5, load);
  return (
    <div className="target" role="img" aria-label={`Median is ${format.number(load * 100)} % of the target.`}>
      <div className={load > 1 ? 'target-fill target-missed' : 'target-fill'} style={{ width: `${(load / scale) * 100}%` }} />
      <div className="target-mark" style={{ left: `${100 / scale}%` }} />
    </div>
  );
}

function History({ policy }: { policy: PolicyView }) {
  return (
    <details className="disclosure">
      <summary>{format.plural(policy.history.length, 'change')}</summary>
      <ol className="history">
        {policy.history.map((change) => (
          <li key={change.at + change.move}>
            <strong>{change.move}</strong> <span className="policy-time">{format.ago(change.at)}</span>
            <p>{change.reason}</p>
          </li>
        ))}
      </ol>
    </details>
  );
}

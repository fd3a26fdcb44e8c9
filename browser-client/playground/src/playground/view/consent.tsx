import { useState } from 'react';
import { SwitchField } from '../../shared/switch-field';
import type { PlaygroundSession } from '../model/session';
import { activityOf } from '../model/session-state';
import { useSession } from './use-session';

/** Whether this browser's measurements help to tune the next plan. */
export function Consent({ session }: { session: PlaygroundSession }) {
  const [consent, setConsent] = useState(session.consent);
  const busy = useSession(session, (state) => ['loading', 'writing'].includes(activityOf(state)));
  const change = (checked: boolean) => {
    setConsent(checked);
    void session.setConsent(checked);
  };
  return (
    <section className="panel" aria-label="Measurements">
      <div className="panel-body">
        <SwitchField
          label="Share measurements"
          help="Times, sizes and failures, which tune the next plan for browsers like this one. Never prompts, never texts."
          checked={consent}
          disabled={busy}
          onChange={change}
        />
      </div>
    </section>
  );
}

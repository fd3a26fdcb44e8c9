import { CircleAlert, CircleCheck, LoaderCircle } from 'lucide-react';
import type { PlaygroundSession } from '../model/session';
import { useSession } from './use-session';

/** Whether this browser is known to the mesh. */
export function ConnectionBadge({ session }: { session: PlaygroundSession }) {
  const phase = useSession(session, (state) => state.connection.phase);
  return (
    <span className="header-status" role="status">
      {phase === 'connecting' && (
        <span className="badge">
          <LoaderCircle className="spin" aria-hidden /> Measuring this browser
        </span>
      )}
      {phase === 'connected' && (
        <span className="badge badge-good">
          <CircleCheck aria-hidden /> Connected
        </span>
      )}
      {phase === 'failed' && (
        <span className="badge badge-bad">
          <CircleAlert aria-hidden /> Not connected
        </span>
      )}
    </span>
  );
}

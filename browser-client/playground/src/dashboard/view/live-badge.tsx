import { CloudOff, LoaderCircle, Radio } from 'lucide-react';
import type { LiveConnection } from '../use-live';

export function LiveBadge({ connection }: { connection: LiveConnection }) {
  return (
    <span className="header-status" role="status">
      {connection === 'connecting' && (
        <span className="badge">
          <LoaderCircle className="spin" aria-hidden /> Connecting
        </span>
      )}
      {connection === 'open' && (
        <span className="badge badge-good">
          <Radio aria-hidden /> Live
        </span>
      )}
      {connection === 'lost' && (
        <span className="badge badge-warn">
          <CloudOff aria-hidden /> Stream lost, connecting again
        </span>
      )}
    </span>
  );
}

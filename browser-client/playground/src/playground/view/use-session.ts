import { useSyncExternalStore } from 'react';
import type { PlaygroundSession } from '../model/session';
import type { SessionState } from '../model/session-state';

/** A part of the session's state; the component renders again only when that part changes. */
export function useSession<T>(session: PlaygroundSession, select: (state: SessionState) => T): T {
  return useSyncExternalStore(session.subscribe, () => select(session.snapshot()));
}

import type { Notice, NoticeAction } from '../../shared/notice';
import { NoticeView } from '../../shared/notice-view';
import { catalogueNotice, environmentNotices } from '../model/notices';
import type { PlaygroundSession } from '../model/session';
import type { SessionState } from '../model/session-state';
import { useSession } from './use-session';

/** Whatever stands between this browser and a text, most important first. */
export function Notices({ session, onAction }: { session: PlaygroundSession; onAction: (action: NoticeAction) => void }) {
  const state = useSession(session, (present) => present.connection);
  const catalogue = useSession(session, (present) => present.catalogue);
  const failure = useSession(session, (present) => present.failure);
  const notices = noticesOf({ connection: state, catalogue, failure });
  return notices.map((notice) => <NoticeView key={notice.title} notice={notice} onAction={onAction} />);
}

/** One outage shows once, though both the profile and the models cannot be fetched. */
export function noticesOf(state: Pick<SessionState, 'connection' | 'catalogue' | 'failure'>): Notice[] {
  const { connection, catalogue, failure } = state;
  const notices: Notice[] = failure ? [failure] : [];
  if (connection.phase === 'failed') notices.push(connection.notice);
  if (catalogue.phase === 'failed') notices.push(catalogue.notice);
  if (catalogue.phase === 'ready') notices.push(...present(catalogueNotice(catalogue.models)));
  if (connection.phase === 'connected') notices.push(...environmentNotices(connection.report));
  return notices.filter((notice, index) => notices.findIndex((other) => other.title === notice.title) === index);
}

function present<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}

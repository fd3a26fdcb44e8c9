import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { Notice, NoticeAction } from './notice';
import { ProgressBar } from './progress-bar';

const ICONS = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

export function NoticeView({ notice, onAction }: { notice: Notice; onAction?: (action: NoticeAction) => void }) {
  const Icon = ICONS[notice.tone];
  return (
    <section className={`notice notice-${notice.tone}`} role={notice.tone === 'error' ? 'alert' : 'status'}>
      <Icon aria-hidden />
      <p className="notice-title">{notice.title}</p>
      {notice.detail && <p className="notice-text">{notice.detail}</p>}
      {notice.remedy && (
        <p className="notice-text">
          <strong>What to do:</strong> {notice.remedy}
        </p>
      )}
      {notice.progress !== undefined && <ProgressBar className="notice-progress" label={notice.title} fraction={notice.progress} />}
      {notice.command && <code className="code-line">{notice.command}</code>}
      {onAction && notice.actions && notice.actions.length > 0 && (
        <div className="notice-actions">
          {notice.actions.map((action) => (
            <button key={action.label} type="button" className="button button-small" onClick={() => onAction(action)}>
              {action.label}
            </button>
          ))}
        </div>
      )}
    </section>
  );
}

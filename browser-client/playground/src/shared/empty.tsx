import type { ReactNode } from 'react';

/** What a panel shows while it has nothing to show: why, and what to do. */
export function Empty({ icon, title, children }: { icon: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      {icon}
      <p className="empty-title">{title}</p>
      {children && <p>{children}</p>}
    </div>
  );
}

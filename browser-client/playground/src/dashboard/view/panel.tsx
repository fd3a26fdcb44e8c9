import { CloudOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { Empty } from '../../shared/empty';
import { ErrorBoundary } from '../../shared/error-boundary';
import type { Resource } from '../resource';

interface PanelProps<T> {
  readonly title: string;
  readonly className?: string;
  readonly resource: Resource<T>;
  readonly actions?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** A panel over one document: loading, failed, stale or shown. */
export function Panel<T>({ title, className = '', resource, actions, children }: PanelProps<T>) {
  const { data, failure, refresh } = resource;
  return (
    <section className={`panel ${className}`} aria-label={title} aria-busy={data === null && failure === null}>
      <div className="panel-head">
        <h2 className="panel-title">{title}</h2>
        {data !== null && failure ? <Stale onRefresh={refresh} /> : data !== null && actions}
      </div>
      <div className="panel-body">
        {data !== null ? <Shown data={data} onRefresh={refresh}>{children}</Shown> : failure ? <Failed reason={failure.message} onRefresh={refresh} /> : <Loading />}
      </div>
    </section>
  );
}

interface ShownProps<T> {
  readonly data: T;
  readonly onRefresh: () => void;
  readonly children: (data: T) => ReactNode;
}

/** A document of another release than this page's must not take the other panels down with it. */
function Shown<T>({ data, onRefresh, children }: ShownProps<T>) {
  const unreadable = (_error: Error, again: () => void) => (
    <Failed
      reason="The service’s answer does not have the expected form; page and service may be of different releases."
      onRefresh={() => {
        onRefresh();
        again();
      }}
    />
  );
  return (
    <ErrorBoundary fallback={unreadable}>
      <Content data={data}>{children}</Content>
    </ErrorBoundary>
  );
}

function Content<T>({ data, children }: Omit<ShownProps<T>, 'onRefresh'>) {
  return children(data);
}

function Loading() {
  return (
    <div className="stack">
      <div className="skeleton skeleton-tall" />
      <div className="skeleton" />
      <div className="skeleton" />
    </div>
  );
}

function Failed({ reason, onRefresh }: { reason: string; onRefresh: () => void }) {
  return (
    <div role="alert">
      <Empty icon={<CloudOff aria-hidden />} title="This cannot be shown now">
        {reason} See which service is down with <code>./facet status</code>.
      </Empty>
      <p className="empty-action">
        <button type="button" className="button button-small" onClick={onRefresh}>
          Try again
        </button>
      </p>
    </div>
  );
}

function Stale({ onRefresh }: { onRefresh: () => void }) {
  return (
    <button type="button" className="button button-quiet button-small stale" onClick={onRefresh}>
      <CloudOff aria-hidden /> Out of date: try again
    </button>
  );
}

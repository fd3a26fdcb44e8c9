import { useEffect, useState } from 'react';
import { LIVE_TYPES, NO_EVENTS, parseLive, receive, type LiveState, type LiveType } from './model/live';

export type LiveConnection = 'connecting' | 'open' | 'lost';

/** The live telemetry stream; the browser connects again by itself when it breaks. */
export function useLive(path: string, onPolicy: () => void): { state: LiveState; connection: LiveConnection } {
  const [state, setState] = useState(NO_EVENTS);
  const [connection, setConnection] = useState<LiveConnection>('connecting');

  useEffect(() => {
    let source: EventSource;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const onEvent = (type: LiveType, data: string): void => {
      const document = parseLive(data);
      if (document) setState((present) => receive(present, type, document, Date.now()));
      if (type === 'policy') onPolicy();
    };
    const open = (): void => {
      source = new EventSource(path);
      source.onopen = () => setConnection('open');
      source.onerror = () => {
        setConnection('lost');
        // A refused stream (a gateway's 502) is closed for good by the browser: open a new one.
        if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, 3000);
      };
      for (const type of LIVE_TYPES) {
        source.addEventListener(type, (event: MessageEvent<string>) => onEvent(type, event.data));
      }
    };
    open();
    return () => {
      clearTimeout(retry);
      source.close();
    };
  }, [path, onPolicy]);

  return { state, connection };
}

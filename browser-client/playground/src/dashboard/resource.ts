import { useCallback, useEffect, useState } from 'react';
import { getJson, HttpFailure } from '../shared/http';

/** A document that is read again and again. After a failure the last good document stays, marked as stale. */
export interface Resource<T> {
  readonly data: T | null;
  readonly failure: HttpFailure | null;
  readonly refresh: () => void;
}

/** Reads `path` now and every `everyMs` milliseconds while the page can be seen. */
export function useResource<T>(path: string, everyMs: number): Resource<T> {
  const [state, setState] = useState<{ data: T | null; failure: HttpFailure | null }>({ data: null, failure: null });
  const [round, setRound] = useState(0);
  const refresh = useCallback(() => setRound((value) => value + 1), []);

  useEffect(() => {
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      try {
        const data = await getJson<T>(path, abort.signal);
        setState({ data, failure: null });
      } catch (thrown) {
        if (abort.signal.aborted) return;
        const failure = thrown instanceof HttpFailure ? thrown : new HttpFailure(path, 0, null);
        setState(({ data }) => ({ data, failure }));
      }
    };
    void read();
    const timer = setInterval(() => document.hidden || void read(), everyMs);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [path, everyMs, round]);

  return { ...state, refresh };
}

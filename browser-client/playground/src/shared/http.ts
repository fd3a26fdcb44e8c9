import type { ProblemDetails } from '../../../src';

/** A service that could not be reached (`status` 0) or answered with a problem. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly status: number;
  readonly problem: ProblemDetails | null;

  constructor(path: string, status: number, problem: ProblemDetails | null) {
    super(problem?.detail ?? problem?.title ?? (status === 0 ? `${path} cannot be reached.` : `${path} answered ${status}.`));
    this.status = status;
    this.problem = problem;
  }

  /** A gateway that has no service behind it answers 502, 503 or 504. */
  get unavailable(): boolean {
    return this.status === 0 || (this.status >= 502 && this.status <= 504);
  }
}

/**
 * Fetches a JSON document from the page's own origin.
 *
 * @throws HttpFailure when there is no answer, no success or no JSON; DOMException `AbortError` when aborted
 */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) }).catch(
    (thrown: unknown) => {
      if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
      throw new HttpFailure(path, 0, null);
    },
  );
  if (!response.ok) throw new HttpFailure(path, response.status, await problemOf(response));
  try {
    return (await response.json()) as T;
  } catch {
    throw new HttpFailure(path, response.status, { detail: `${path} did not answer with JSON.` });
  }
}

async function problemOf(response: Response): Promise<ProblemDetails | null> {
  if (!/\bjson\b/.test(response.headers.get('content-type') ?? '')) return null;
  return (await response.json().catch(() => null)) as ProblemDetails | null;
}

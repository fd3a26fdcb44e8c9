import { FacetError, type FacetErrorCode, type ProblemDetails } from '../errors';

/** `fetch` whose every failure is a FacetError: no connection, or an RFC 9457 problem of the service. */
export async function request(url: URL, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw new FacetError('aborted', 'The operation was aborted.', { cause: error });
    throw new FacetError('network', `${url.pathname} could not be reached.`, { cause: error });
  }
  if (!response.ok) throw await problemOf(response, url);
  return response;
}

/** `request` for JSON documents. */
export async function requestJson<T>(url: URL, init: RequestInit = {}): Promise<T> {
  const headers = { Accept: 'application/json', ...(init.body ? { 'Content-Type': 'application/json' } : {}) };
  const response = await request(url, { ...init, headers });
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw new FacetError('service-problem', `${url.pathname} did not answer with JSON.`, { cause: error });
  }
}

/** Waits before the second and third attempt of a small call. */
const RETRY_MS = [300, 1_200] as const;

/** Repeats a call that may be repeated: a dropped connection or a service that is just starting is no failure yet. */
export async function retrying<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await call();
    } catch (error) {
      const delay = RETRY_MS[failures];
      if (delay === undefined || signal?.aborted || !isTransient(FacetError.from(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
}

/** Whether trying the same call again can help. */
export function isTransient(error: FacetError): boolean {
  const status = error.problem?.status ?? 0;
  return error.code === 'network' || status === 429 || status >= 500;
}

async function problemOf(response: Response, url: URL): Promise<FacetError> {
  const body: ProblemDetails = await response.json().catch(() => ({}));
  const problem: ProblemDetails = { ...body, status: response.status };
  const message = problem.detail ?? problem.title ?? `${url.pathname} answered with status ${response.status}.`;
  const options = { problem, ...remedyOf(problem) };
  return new FacetError(codeOf(problem, url), message, options);
}

function codeOf(problem: ProblemDetails, url: URL): FacetErrorCode {
  if (problem.type?.endsWith('/nothing-fits')) return 'nothing-fits';
  if (problem.status === 404 && url.pathname.endsWith('/v1/plans')) return 'model-not-found';
  if (problem.status === 401) return 'session-expired';
  return 'service-problem';
}

function remedyOf(problem: ProblemDetails): { remedy?: string } {
  return typeof problem['remedy'] === 'string' ? { remedy: problem['remedy'] } : {};
}

import { request, requestJson, retrying } from './http';
import type { CapabilityReport, ModelSummary, Pin, Plan, ProfileRegistration } from './wire';

/** The calls of the services' HTTP interface that answer with small documents. */
export class ServiceClient {
  readonly #base: string;

  /** @param base absolute URL under which `/v1` lies */
  constructor(base: string) {
    this.#base = base.endsWith('/') ? base : `${base}/`;
  }

  /** Absolute URL of a call, `path` without a leading slash: `v1/models`. */
  url(path: string): URL {
    return new URL(path, this.#base);
  }

  register(report: CapabilityReport, signal?: AbortSignal): Promise<ProfileRegistration> {
    return retrying(() => requestJson(this.url('v1/profiles'), post(report, signal)), signal);
  }

  plan(profile: string, model: string, pin: Pin | null, signal?: AbortSignal): Promise<Plan> {
    const body = pin ? { profile, model, pin } : { profile, model };
    return retrying(() => requestJson(this.url('v1/plans'), post(body, signal)), signal);
  }

  async models(signal?: AbortSignal): Promise<readonly ModelSummary[]> {
    const init = signal ? { signal } : {};
    const answer = await retrying(() => requestJson<{ models: ModelSummary[] }>(this.url('v1/models'), init), signal);
    return answer.models;
  }

  bundle(id: string, signal?: AbortSignal): Promise<Response> {
    const url = this.url(`v1/bundles/${encodeURIComponent(id)}`);
    return retrying(() => request(url, signal ? { signal } : {}), signal);
  }

  /**
   * One attempt: who reads the stream knows where to go on.
   *
   * @param frames those wanted, as `frameSpans` writes them
   */
  stream(bundle: string, frames: string, signal?: AbortSignal): Promise<Response> {
    const url = this.url(`v1/streams/${encodeURIComponent(bundle)}`);
    if (frames !== '0-') url.searchParams.set('frames', frames);
    return request(url, signal ? { signal } : {});
  }

  /**
   * @param from first byte wanted; a service that heeds it answers with status 206
   * @param fresh past the browser's HTTP cache, which may hold what was altered
   */
  shard(sha256: string, from: number, signal?: AbortSignal, fresh = false): Promise<Response> {
    const headers: Record<string, string> = from > 0 ? { Range: `bytes=${from}-` } : {};
    return request(this.url(`v1/shards/${sha256}`), { headers, ...(fresh ? { cache: 'reload' } : {}), ...(signal ? { signal } : {}) });
  }

  kernel(sha256: string, signal?: AbortSignal): Promise<Response> {
    return retrying(() => request(this.url(`v1/kernels/${sha256}`), signal ? { signal } : {}), signal);
  }
}

function post(body: unknown, signal?: AbortSignal): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), ...(signal ? { signal } : {}) };
}

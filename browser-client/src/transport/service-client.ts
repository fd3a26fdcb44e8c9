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

  /** One attempt: who reads the stream knows where to go on. */
  stream(bundle: string, after: number, signal?: AbortSignal): Promise<Response> {
    const url = this.url(`v1/streams/${encodeURIComponent(bundle)}`);
    if (after >= 0) url.searchParams.set('after', String(after));
    return request(url, signal ? { signal } : {});
  }

  shard(sha256: string, signal?: AbortSignal): Promise<Response> {
    return request(this.url(`v1/shards/${sha256}`), signal ? { signal } : {});
  }

  kernel(sha256: string, signal?: AbortSignal): Promise<Response> {
    return retrying(() => request(this.url(`v1/kernels/${sha256}`), signal ? { signal } : {}), signal);
  }
}

function post(body: unknown, signal?: AbortSignal): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), ...(signal ? { signal } : {}) };
}

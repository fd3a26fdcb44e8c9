import type { VerdictStore } from '../kernels/webgpu/self-test/kernel-verdicts';

const NAME = 'facet-kernels-1';

/**
 * Keeps what kernel checks found in the browser's Cache Storage, by adapter, browser and kernels: pages do not learn the
 * driver's version, but a new browser may compute anew.
 */
export class VerdictCache implements VerdictStore {
  readonly #url: URL;

  /** @param revision of the kernels that were checked */
  constructor(adapter: string, revision: string) {
    this.#url = new URL('facet-kernel-verdicts', location.origin);
    this.#url.search = new URLSearchParams({ adapter, revision, browser: navigator.userAgent }).toString();
  }

  async read(): Promise<string | null> {
    const kept = await (await caches.open(NAME)).match(this.#url);
    return kept ? kept.text() : null;
  }

  async write(text: string): Promise<void> {
    await (await caches.open(NAME)).put(this.#url, new Response(text));
  }
}

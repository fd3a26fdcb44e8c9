import type { VerdictStore } from '../kernels/webgpu/self-test/kernel-verdicts';

const NAME = 'facet-kernels-1';

/**
 * What was found out about this device, kept in the browser's Cache Storage by what it depends on and by browser: pages do
 * not learn the driver's version, but a new browser may compute anew.
 */
export class KeptText implements VerdictStore {
  readonly #url: URL;

  constructor(kind: string, dependsOn: Readonly<Record<string, string>>) {
    this.#url = new URL(kind, location.origin);
    this.#url.search = new URLSearchParams({ ...dependsOn, browser: navigator.userAgent }).toString();
  }

  async read(): Promise<string | null> {
    const kept = await (await caches.open(NAME)).match(this.#url);
    return kept ? kept.text() : null;
  }

  async write(text: string): Promise<void> {
    await (await caches.open(NAME)).put(this.#url, new Response(text));
  }
}

import type { Measurement, MeasurementContext } from '../worker/protocol';

/** One event of `POST /v1/telemetry`. */
interface TelemetryEvent {
  readonly id: string;
  readonly type: Measurement['type'];
  readonly at: string;
  readonly [field: string]: unknown;
}

/** Limits of `docs/wire.md`, with room left for the envelope. */
const MAX_EVENTS = 50;
const MAX_BYTES = 47 * 1024;
/** Events kept while the service cannot be reached; the oldest go first. */
const MAX_PENDING = 500;
const FLUSH_AFTER_MS = 2_000;
const RETRY_MS = [2_000, 8_000, 30_000, 60_000] as const;

/**
 * Sends measurements in batches. A batch is repeated, with the same event ids, until the service has acknowledged it;
 * when the page is hidden what is left goes out by `sendBeacon`. Exists only with the user's consent.
 */
export class TelemetryClient {
  readonly #endpoint: URL;
  readonly #session: string;
  #pending: TelemetryEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #failures = 0;
  #sending = false;
  #refused = false;

  /** @param session token of the profile's registration */
  constructor(base: string, session: string) {
    this.#endpoint = new URL('v1/telemetry', base.endsWith('/') ? base : `${base}/`);
    this.#session = session;
    addEventListener('pagehide', this.#flushBeacon);
    document.addEventListener('visibilitychange', this.#onVisibility);
  }

  record(context: MeasurementContext, measurement: Measurement): void {
    if (this.#refused || !sampled(context)) return;
    const { sampleRate: _, ...origin } = context;
    const at = new Date().toISOString();
    const event = { id: crypto.randomUUID(), at, ...withoutNulls(origin), ...withoutNulls(measurement) };
    this.#pending.push(event as unknown as TelemetryEvent);
    if (this.#pending.length > MAX_PENDING) this.#pending.shift();
    this.#schedule(FLUSH_AFTER_MS);
  }

  close(): void {
    this.#flushBeacon();
    removeEventListener('pagehide', this.#flushBeacon);
    document.removeEventListener('visibilitychange', this.#onVisibility);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#refused = true;
  }

  readonly #onVisibility = (): void => {
    if (document.visibilityState === 'hidden') this.#flushBeacon();
  };

  /** The last chance of a page: batches that the browser delivers after the page is gone. */
  readonly #flushBeacon = (): void => {
    while (this.#pending.length > 0) {
      const batch = takeBatch(this.#pending);
      const body = new Blob([this.#envelope(batch)], { type: 'application/json' });
      if (!navigator.sendBeacon(this.#endpoint, body)) return;
      this.#pending = this.#pending.slice(batch.length);
    }
  };

  #schedule(delayMs: number): void {
    if (this.#timer !== null || this.#sending) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#send();
    }, delayMs);
  }

  async #send(): Promise<void> {
    const batch = takeBatch(this.#pending);
    if (batch.length === 0) return;
    this.#sending = true;
    const outcome = await this.#post(batch);
    this.#sending = false;
    if (outcome === 'retry') return this.#schedule(RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)]!);
    this.#failures = 0;
    const settled = new Set(batch.map((event) => event.id));
    this.#pending = this.#pending.filter((event) => !settled.has(event.id));
    if (this.#pending.length > 0) this.#schedule(FLUSH_AFTER_MS);
  }

  /** `settled` also when the service refuses the batch for good: repeating it could not help. */
  async #post(batch: readonly TelemetryEvent[]): Promise<'settled' | 'retry'> {
    try {
      const headers = { 'Content-Type': 'application/json' };
      const body = this.#envelope(batch);
      const { status } = await fetch(this.#endpoint, { method: 'POST', headers, body, keepalive: true });
      if (status === 401 || status === 403) this.#refused = true;
      return status === 429 || status >= 500 ? 'retry' : 'settled';
    } catch {
      return 'retry';
    }
  }

  #envelope(events: readonly TelemetryEvent[]): string {
    return JSON.stringify({ session: this.#session, sentAt: new Date().toISOString(), events });
  }
}

/** The longest head of `events` that one call may carry. */
export function takeBatch<T>(events: readonly T[]): T[] {
  const batch: T[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += JSON.stringify(event).length + 1;
    if (batch.length === MAX_EVENTS || (batch.length > 0 && bytes > MAX_BYTES)) break;
    batch.push(event);
  }
  return batch;
}

/** Decided per plan, not per event, so that a sampled session is whole. */
function sampled(context: MeasurementContext): boolean {
  if (context.plan === null || context.sampleRate >= 1) return true;
  return parseInt(context.plan.slice(0, 8), 16) / 0x1_0000_0000 < context.sampleRate;
}

function withoutNulls(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

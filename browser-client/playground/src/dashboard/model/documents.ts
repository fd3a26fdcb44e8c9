/** The documents of the telemetry service that the dashboard reads; `docs/wire.md` is the specification. */

export interface FleetDocument {
  readonly profiles: number;
  readonly classes: readonly FleetClass[];
}

export interface FleetClass {
  readonly deviceClass: string;
  readonly description: string;
  readonly backend: string;
  readonly profiles: number;
  readonly lastSeenAt: string;
}

export interface AggregatesDocument {
  readonly cells: readonly AggregateCell[];
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

export interface AggregateCell {
  readonly model: string;
  readonly point: string;
  readonly deviceClass: string;
  readonly sessions: number;
  readonly events: number;
  readonly decodeMsPerToken: Percentiles | null;
  readonly timeToFirstTokenMs: Percentiles | null;
  readonly failures: number;
}

export interface PoliciesDocument {
  readonly policies: readonly Policy[];
}

export interface Policy {
  readonly model: string;
  readonly deviceClass: string;
  readonly point: string;
  readonly defaultPoint: string;
  readonly targetMsPerToken: number;
  readonly evidence: {
    readonly sessions: number;
    readonly medianMsPerToken: number | null;
    readonly p95MsPerToken: number | null;
    readonly point: string;
  } | null;
  readonly reason: string;
  readonly decidedAt: string;
  readonly history?: readonly PolicyChange[];
}

export interface PolicyChange {
  readonly at: string;
  readonly from: string | null;
  readonly to: string;
  readonly reason: string;
}

/** A server-sent event of `GET /v1/telemetry/live`; the event's name is its `type`. */
export interface LiveDocument {
  readonly at?: string;
  readonly decidedAt?: string;
  readonly model?: string;
  readonly point?: string;
  readonly backend?: string;
  readonly deviceClass?: string;
  readonly tokens?: number;
  readonly decodeMsPerToken?: number | null;
  readonly timeToFirstTokenMs?: number;
  readonly bytes?: number;
  readonly readyMs?: number;
  readonly cacheHits?: number;
  readonly code?: string;
  readonly stage?: string;
  readonly reason?: string;
}

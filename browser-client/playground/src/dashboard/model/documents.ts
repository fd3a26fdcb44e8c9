/** The documents of the telemetry service that the dashboard reads; `docs/wire.md` is the specification. */

export interface FleetDocument {
  /** Distinct reports ever registered; browsers that report the very same share one. */
  readonly profiles: number;
  readonly classes: readonly FleetClass[];
}

export interface FleetClass {
  readonly deviceClass: string;
  readonly description: string;
  readonly backend: string;
  readonly profiles: number;
  /** Measured in the period asked for. */
  readonly sessions: number;
  readonly lastSeenAt: string;
}

export interface AggregatesDocument {
  readonly since: string;
  readonly cells: readonly AggregateCell[];
  readonly deliveries: readonly Delivery[];
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
  readonly generations: number;
  readonly loads: number;
  readonly failures: number;
  readonly tokens: number;
  readonly decodeMsPerToken: Percentiles | null;
  readonly timeToFirstTokenMs: Percentiles | null;
}

export interface Delivery {
  readonly model: string;
  readonly point: string;
  readonly streams: number;
  readonly completeStreams: number;
  readonly bytes: number;
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
    readonly medianMsPerToken: number;
    readonly p95MsPerToken: number;
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
  readonly id?: string;
  readonly at?: string;
  readonly decidedAt?: string;
  readonly model?: string;
  readonly point?: string | null;
  readonly previous?: string | null;
  readonly backend?: string | null;
  readonly deviceClass?: string;
  readonly tokens?: number;
  readonly decodeMsPerToken?: number | null;
  readonly timeToFirstTokenMs?: number | null;
  readonly bytes?: number;
  readonly readyMs?: number;
  readonly cacheHits?: number;
  readonly code?: string;
  readonly stage?: string;
  readonly reason?: string;
}

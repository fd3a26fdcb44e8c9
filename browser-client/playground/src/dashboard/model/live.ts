import * as format from '../../shared/format';
import type { LiveDocument } from './documents';

export const LIVE_TYPES = Object.freeze(['generation', 'load', 'failure', 'policy'] as const);
export type LiveType = (typeof LIVE_TYPES)[number];

/** An event as the list and the chart show it. `at` is milliseconds of the browser's clock. */
export interface LiveEvent {
  readonly id: number;
  readonly type: LiveType;
  readonly at: number;
  readonly model: string;
  readonly point: string;
  readonly deviceClass: string;
  readonly backend: 'wasm' | 'webgpu';
  readonly tokensPerSecond: number | null;
  readonly text: string;
}

export interface LiveState {
  /** Newest first, at most `KEPT`. */
  readonly events: readonly LiveEvent[];
  readonly received: number;
}

/** How much the chart shows, in milliseconds. */
export const WINDOW_MS = 60_000;
const KEPT = 400;

export const NO_EVENTS: LiveState = Object.freeze({ events: [], received: 0 });

/** Adds an event at the moment of its arrival: browsers' clocks differ, and batches arrive late. */
export function receive(state: LiveState, type: LiveType, document: LiveDocument, now: number): LiveState {
  const id = state.received + 1;
  const event: LiveEvent = {
    id,
    type,
    at: now,
    model: document.model ?? '',
    point: document.point ?? '',
    deviceClass: document.deviceClass ?? '',
    backend: document.backend === 'webgpu' ? 'webgpu' : 'wasm',
    tokensPerSecond: rateOf(document),
    text: textOf(type, document),
  };
  return { events: [event, ...state.events].slice(0, KEPT), received: id };
}

/** Parses the data of a server-sent event; null when it is not a JSON object. */
export function parseLive(data: string): LiveDocument | null {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as LiveDocument) : null;
  } catch {
    return null;
  }
}

/** Events of the chart's window, oldest first. */
export function inWindow(state: LiveState, now: number): LiveEvent[] {
  return state.events.filter((event) => now - event.at <= WINDOW_MS).reverse();
}

/** Median speed of the generations in the window; null while there are none. */
export function medianRate(events: readonly LiveEvent[]): number | null {
  const rates = events.flatMap((event) => (event.tokensPerSecond === null ? [] : [event.tokensPerSecond])).sort((a, b) => a - b);
  if (rates.length === 0) return null;
  const middle = Math.floor(rates.length / 2);
  return rates.length % 2 === 1 ? rates[middle]! : (rates[middle - 1]! + rates[middle]!) / 2;
}

function rateOf({ decodeMsPerToken }: LiveDocument): number | null {
  return typeof decodeMsPerToken === 'number' && decodeMsPerToken > 0 ? 1000 / decodeMsPerToken : null;
}

function textOf(type: LiveType, document: LiveDocument): string {
  switch (type) {
    case 'generation':
      return generationText(document);
    case 'load':
      return `${format.bytes(document.bytes ?? 0)} ready in ${format.duration(document.readyMs ?? 0)}`;
    case 'failure':
      return `${document.code ?? 'unknown'}${document.stage ? ` while ${document.stage}` : ''}`;
    case 'policy':
      return document.previous ? `${document.previous} → ${document.point ?? ''}` : `now ${document.point ?? ''}`;
  }
}

function generationText(document: LiveDocument): string {
  const rate = rateOf(document);
  const tokens = format.plural(document.tokens ?? 0, 'token');
  return rate === null ? tokens : `${tokens} at ${format.number(rate, rate < 100 ? 1 : 0)}/s`;
}

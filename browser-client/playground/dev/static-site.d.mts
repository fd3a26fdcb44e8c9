import type { IncomingMessage, ServerResponse } from 'node:http';

export const PAGE_HEADERS: Readonly<Record<string, string>>;
export function serveSite(
  folder: string,
  mesh: (request: IncomingMessage, response: ServerResponse) => boolean,
  headers?: Readonly<Record<string, string>>,
): Promise<{ origin: string; close: () => Promise<void> }>;

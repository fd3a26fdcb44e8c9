import type { IncomingMessage, ServerResponse } from 'node:http';

export interface MockMeshOptions {
  readonly scenario?: string;
  readonly bytesPerSecond?: number;
  readonly tokenMs?: number;
  readonly liveEveryMs?: number;
}

/** A request listener that answers true when the path is one of the mesh's. */
export function mockMesh(options?: MockMeshOptions): (request: IncomingMessage, response: ServerResponse) => boolean;

import type { Request } from './protocol';

self.onmessage = (event: MessageEvent<Request>) => event.data;

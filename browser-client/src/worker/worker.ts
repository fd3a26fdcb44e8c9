import type { Request } from './protocol';
import { WorkerSession } from './session';

const session = new WorkerSession((answer) => self.postMessage(answer));

self.onmessage = (event: MessageEvent<Request>) => void session.handle(event.data);

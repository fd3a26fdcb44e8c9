import { help, HELPER_NAME, type HelperTask } from '../kernels/wasm/team';
import type { Request } from './protocol';
import { WorkerSession } from './session';

if (self.name === HELPER_NAME) {
  self.onmessage = (event: MessageEvent<HelperTask>) => void help(event.data);
} else {
  const session = new WorkerSession((answer) => self.postMessage(answer));
  self.onmessage = (event: MessageEvent<Request>) => void session.handle(event.data);
}

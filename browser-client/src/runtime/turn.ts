/** Lets the worker's other tasks run: messages (cancellation for one) and planes that have arrived. */
export function yieldTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel().postMessage(null);
  });
}

const waiting: (() => void)[] = [];
let sender: MessagePort | null = null;

/** A message to oneself is a task without the four milliseconds that nested timers wait. */
function channel(): MessagePort {
  if (sender) return sender;
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = () => waiting.shift()?.();
  sender = port1;
  return sender;
}

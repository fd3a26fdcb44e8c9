import { Agent, request } from 'node:http';

/**
 * Sends batches over connections that stay open.
 *
 * @param {number} port
 * @param {number} connections
 * @returns {{ send: (body: Buffer) => Promise<{ status: number, ms: number }>, close: () => void }} ms: until the answer's
 *   last byte; status 0 where there was no answer
 */
export function sender(port, connections) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, noDelay: true });
  const headers = { 'content-type': 'application/json' };
  const send = (body) =>
    new Promise((resolve) => {
      const began = performance.now();
      const done = (status) => resolve({ status, ms: performance.now() - began });
      const call = request({ host: '127.0.0.1', port, path: '/v1/telemetry', method: 'POST', agent, timeout: 15_000, headers: { ...headers, 'content-length': body.length } });
      call.on('response', (response) => response.on('end', () => done(response.statusCode)).on('error', () => done(0)).resume());
      call.on('timeout', () => call.destroy());
      call.on('error', () => done(0));
      call.end(body);
    });
  return { send, close: () => agent.destroy() };
}

/** As fast as answers come, one batch on the way for each connection. */
export async function saturate({ send }, next, connections, seconds) {
  const statuses = {};
  const until = performance.now() + seconds * 1000;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < until) count(statuses, (await send(next())).status);
    }),
  );
  return { statuses, seconds: (performance.now() - began) / 1000 };
}

/** At a rate, whatever comes back: a late answer holds up no later batch. Times are from when a batch was due. */
export async function pace({ send }, next, rate, seconds) {
  const [statuses, times, under] = [{}, [], []];
  const began = performance.now();
  for (let i = 0; i < rate * seconds; i++) {
    const due = began + (1000 * i) / rate;
    // A timer is up to a millisecond late: what is due within this one goes now.
    while (performance.now() + 0.5 < due) await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now() - 0.5)));
    const late = Math.max(0, performance.now() - due);
    under.push(send(next()).then(({ status, ms }) => {
      count(statuses, status);
      times.push(late + ms);
    }));
  }
  await Promise.all(under);
  return { statuses, times, seconds: (performance.now() - began) / 1000 };
}

function count(statuses, status) {
  statuses[status] = (statuses[status] ?? 0) + 1;
}

import { createHmac, randomUUID } from 'node:crypto';

export const EVENTS = 50;
/** The limit of a session is a burst of 200 events: four batches, then a new page. */
const BATCHES_OF_A_SESSION = 4;
const POINTS = ['full-2', 'full-3', 'full-4', 'full-6'];
const CLASSES = ['webgpu.bench-a', 'webgpu.bench-b', 'webgpu.bench-c', 'wasm.bench-a', 'wasm.bench-b'];
const base64url = (text) => Buffer.from(text).toString('base64url');
const HEADER = base64url(JSON.stringify({ alg: 'HS256', typ: 'JWT' }));

/**
 * Batches as browsers send them, of sessions that come and go, each event with an id of its own.
 *
 * @param {string} secret with which capability-detection signs sessions
 * @param {string} model
 */
export function batchesOf(secret, model) {
  let sessions = 0;
  let token = null;
  let left = 0;
  return function next() {
    if (left === 0) {
      token = sessionToken(secret, CLASSES[sessions++ % CLASSES.length]);
      left = BATCHES_OF_A_SESSION;
    }
    left--;
    return Buffer.from(batch(token, model, POINTS[(sessions + left) % POINTS.length]));
  };
}

function sessionToken(secret, deviceClass) {
  const claims = { sub: randomUUID(), jti: randomUUID(), deviceClass, exp: Math.floor(Date.now() / 1000) + 1800 };
  const signed = `${HEADER}.${base64url(JSON.stringify(claims))}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** Mostly generations, a load and a failure now and then. */
function batch(token, model, point) {
  const at = new Date().toISOString();
  const plan = randomUUID();
  const bundle = `${model}~4f2c9a1b77de~${point}~wasm~0a1b2c3d4e5f`;
  const second = at.slice(0, 20);
  const origin = `"plan":"${plan}","bundle":"${bundle}","model":"${model}","point":"${point}","backend":"wasm","pinned":false`;
  const events = [];
  for (let i = 0; i < EVENTS; i++) {
    const id = randomUUID();
    const when = `"at":"${second}${100 + (37 * i) % 900}Z"`;
    const ms = (20 + 60 * Math.random()).toFixed(2);
    if (i % 10 === 8) events.push(`{"id":"${id}","type":"load",${when},${origin},"bytes":17447916,"downloadMs":${ms}5,"readyMs":1${ms},"cacheHits":3}`);
    else if (i % 25 === 9) events.push(`{"id":"${id}","type":"failure",${when},${origin},"code":"out-of-memory","stage":"generation"}`);
    else events.push(`{"id":"${id}","type":"generation",${when},${origin},"promptTokens":12,"tokens":64,"timeToFirstTokenMs":9${ms},"prefillMsPerToken":${i}.75,"decodeMsPerToken":${ms},"cancelled":false}`);
  }
  return `{"session":"${token}","sentAt":"${at}","events":[${events.join(',')}]}`;
}

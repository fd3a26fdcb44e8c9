import { readFileSync } from 'node:fs';
import { aggregates, fleet, framesOf, IMPORTING, liveEvent, MODEL, PICTURE_MODEL, planOf, POINTS, POLICIES, REGISTRATION, report } from './documents.mjs';

/**
 * The mesh's HTTP contract for developing the pages without the services.
 *
 * Scenarios: `normal`; `empty` (nothing imported or measured); `importing`; `down` (the gateway has no services);
 * `nothing-fits`; `pictures` (a model that looks at them). Streams are as slow as `bytesPerSecond` says.
 *
 * @param {{ scenario?: string, bytesPerSecond?: number, tokenMs?: number, liveEveryMs?: number }} options
 * @returns a request listener; it answers true when the path is one of the mesh's
 */
export function mockMesh({ scenario = 'normal', bytesPerSecond = 6e6, tokenMs = 14, liveEveryMs = 700 } = {}) {
  const empty = scenario === 'empty';
  const routes = [
    ['GET', /^\/v1\/models$/, () => ({ models: empty ? [] : [scenario === 'importing' ? IMPORTING : MODEL, ...(scenario === 'pictures' ? [PICTURE_MODEL] : [])] })],
    ['GET', /^\/v1\/models\/docs-29m\/report$/, report],
    ['POST', /^\/v1\/profiles$/, () => REGISTRATION, 201],
    ['GET', /^\/v1\/policies$/, () => (empty ? { policies: [] } : POLICIES)],
    ['GET', /^\/v1\/telemetry\/fleet$/, () => (empty ? { since: fleet().since, profiles: 0, classes: [] } : fleet())],
    ['GET', /^\/v1\/telemetry\/aggregates$/, () => (empty ? { ...aggregates(), cells: [], deliveries: [] } : aggregates())],
    ['POST', /^\/v1\/telemetry$/, () => ({ accepted: 1 }), 202],
    ['GET', /^\/mock\/text$/, (url) => ({ text: continuation(url.searchParams.get('prompt') ?? ''), tokenMs })],
  ];
  return (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (!/^\/(v1|mock)\//.test(url.pathname)) return false;
    if (scenario === 'down') return problem(response, 502, 'Service unavailable', 'The gateway has no service behind this path.');
    if (url.pathname === '/v1/telemetry/live') return live(response, empty ? 0 : liveEveryMs);
    if (url.pathname === '/v1/plans') return plan(request, response, scenario);
    if (url.pathname.startsWith('/v1/streams/')) return stream(response, url.pathname, bytesPerSecond);
    const route = routes.find(([method, path]) => method === request.method && path.test(url.pathname));
    if (!route) return problem(response, 404, 'Not found', `Nothing is served at ${url.pathname}.`);
    return json(response, route[3] ?? 200, route[2](url));
  };
}

function json(response, status, body, type = 'application/json') {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
  return true;
}

function problem(response, status, title, detail, more = {}) {
  return json(response, status, { type: 'about:blank', title, status, detail, ...more }, 'application/problem+json');
}

function plan(request, response, scenario) {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    if (scenario !== 'nothing-fits') return json(response, 200, planOf(JSON.parse(body || '{}').pin));
    return problem(response, 409, 'Nothing fits', 'The smallest cut of docs-29m with a context of 1,024 needs 31.2 MB; this browser’s budget is 24.0 MB.', {
      type: 'https://facet.dev/problems/nothing-fits',
      wouldFit: { point: 'full-2', contextLength: 256, totalBytes: 22_400_000 },
    });
  });
  return true;
}

/** The frames' sizes as newline-separated JSON, at the pace of a slow line; the page's scripted client counts them. */
function stream(response, path, bytesPerSecond) {
  const point = POINTS.find((candidate) => decodeURIComponent(path).includes(`~${candidate.id}~`)) ?? POINTS[0];
  const bits = Number(point.id.split('-')[1]);
  const frames = framesOf(bits, Math.max(6, bits));
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  const next = () => {
    const frame = frames.shift();
    if (!frame || response.destroyed) return response.end();
    response.write(`${JSON.stringify(frame)}\n`);
    setTimeout(next, (1000 * frame.bytes) / bytesPerSecond);
  };
  next();
  return true;
}

function live(response, everyMs) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': open\n\n');
  if (everyMs === 0) return true;
  let index = 0;
  const timer = setInterval(() => {
    const [type, data] = liveEvent(index++);
    response.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  }, everyMs);
  response.on('close', () => clearInterval(timer));
  return true;
}

let cases;

/** What docs-29m wrote greedily in its reference run; for other prompts, that of the first case. */
function continuation(prompt) {
  cases ??= JSON.parse(readFileSync(new URL('../../../samples/docs-29m/reference.json', import.meta.url), 'utf8')).cases;
  return (cases.find((candidate) => candidate.prompt === prompt) ?? cases[0]).greedy_text;
}

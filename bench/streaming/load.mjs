import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CLIENTS = 16;
/** Of /proc: a hundred a second on Linux. */
const TICKS_PER_SECOND = 100;

/**
 * What a server does under load from h2load, over HTTP/1.1 with keep-alive.
 *
 * @param {{ port: number, pid: number }} server
 * @param {{ paths: string[], seconds: number, folder: string, rate?: number }} load rate in requests a second; without it
 *   as fast as answers come
 * @returns {Promise<{ bytesPerSecond: number, requestsPerSecond: number, cpuSecondsPerGiB: number, p99: number }>} p99 in
 *   milliseconds
 */
export async function underLoad({ port, pid }, { paths, seconds, folder, rate }) {
  const [uris, log] = [join(folder, 'uris'), join(folder, 'requests.log')];
  await writeFile(uris, paths.map((path) => `http://127.0.0.1:${port}${path}`).join('\n'));
  await rm(log, { force: true });
  const pace = rate ? [`--rps=${rate / CLIENTS}`] : [];
  const before = await cpuSeconds(pid);
  const { stdout } = await run('h2load', ['--h1', '-t1', `-c${CLIENTS}`, `-D${seconds}`, `-i${uris}`, `--log-file=${log}`, ...pace], { maxBuffer: 1 << 26 });
  const cpu = (await cpuSeconds(pid)) - before;
  const [, failed] = /(\d+) failed, \d+ errored/.exec(stdout);
  if (failed !== '0') throw new Error(`${failed} requests failed:\n${stdout}`);
  const bytes = Number(/\((\d+)\) data/.exec(stdout)[1]);
  const times = (await readFile(log, 'utf8')).trim().split('\n').map((line) => line.split('\t').map(Number));
  if (times.some(([, status]) => status !== 200)) throw new Error('A request was not answered with status 200.');
  return {
    bytesPerSecond: bytes / seconds,
    requestsPerSecond: times.length / seconds,
    cpuSecondsPerGiB: cpu / (bytes / 2 ** 30),
    p99: quantile(times.map(([, , microseconds]) => microseconds / 1000), 0.99),
  };
}

export async function cpuSeconds(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
  return (user + system) / TICKS_PER_SECOND;
}

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

import { connect } from 'node:http2';

const BULK = 32;

/**
 * Milliseconds from the request to the first byte of a shard that is asked for after 32 others on one HTTP/2 connection.
 *
 * @param {number} port
 * @param {string[]} paths of large shards
 * @param {string | null} priority of the last one (RFC 9218); null for none, as the others
 */
export async function firstByteBehindBulk(port, paths, priority) {
  const session = connect(`http://127.0.0.1:${port}`);
  await new Promise((resolve, reject) => session.once('connect', resolve).once('error', reject));
  try {
    const bulk = Array.from({ length: BULK }, (_, i) => get(session, paths[i % paths.length]));
    await Promise.race(bulk.map(({ firstByte }) => firstByte));
    const began = performance.now();
    const urgent = get(session, paths[0], priority);
    await urgent.firstByte;
    const milliseconds = performance.now() - began;
    await Promise.all([urgent, ...bulk].map(({ whole }) => whole));
    return milliseconds;
  } finally {
    session.close();
  }
}

function get(session, path, priority = null) {
  const stream = session.request({ ':path': path, ...(priority ? { priority } : {}) });
  stream.on('data', () => undefined);
  const firstByte = new Promise((resolve, reject) => stream.once('data', resolve).once('error', reject));
  const whole = new Promise((resolve, reject) => stream.once('end', resolve).once('error', reject));
  return { firstByte, whole };
}

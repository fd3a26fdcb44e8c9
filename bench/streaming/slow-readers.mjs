import { connect } from 'node:net';

const BYTES_PER_SECOND = 1024;

/**
 * Opens connections that ask for a large shard each and take 1 KiB of it a second.
 *
 * @returns {Promise<() => void>} closes them
 */
export async function slowReaders(count, port, path) {
  const sockets = await Promise.all(Array.from({ length: count }, () => reader(port, path)));
  const timer = setInterval(() => sockets.forEach((socket) => socket.read(BYTES_PER_SECOND)), 1000);
  return () => {
    clearInterval(timer);
    sockets.forEach((socket) => socket.destroy());
  };
}

function reader(port, path) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', highWaterMark: BYTES_PER_SECOND });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      // Read by the timer alone.
      socket.on('readable', () => undefined);
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
  });
}

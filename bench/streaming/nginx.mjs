import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** nginx as it serves files best: one worker, sendfile, open files remembered, no log. */
const configuration = ({ port, blobs, folder }) => `
user root;
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  open_file_cache max=1000;
  open_file_cache_valid 1h;
  default_type application/octet-stream;
  client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server {
    listen 127.0.0.1:${port};
    location ~ "^/v1/shards/((..)[0-9a-f]+)$" { alias ${blobs}/$2/$1; }
  }
}
`;

/**
 * Starts nginx over the same blobs.
 *
 * @returns {Promise<{ port: number, pid: number, stop: () => Promise<void> }>} with the process id of its worker
 */
export async function startNginx(blobs, folder) {
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  await writeFile(file, configuration({ port, blobs, folder }));
  const master = spawn('nginx', ['-p', folder, '-c', file], { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise((resolve) => master.on('exit', resolve));
  await answering(port);
  const [pid] = (await readFile(`/proc/${master.pid}/task/${master.pid}/children`, 'utf8')).trim().split(' ').map(Number);
  const stop = async () => {
    master.kill('SIGTERM');
    await ended;
  };
  return { port, pid, stop };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function answering(port) {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('nginx does not answer.');
}

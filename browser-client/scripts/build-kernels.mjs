// Gathers the kernel modules in dist/kernels, with kernels.json: what shard-streaming serves and bundles refer to.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'dist/kernels');
const sources = [
  { folder: join(root, 'build/wasm'), kind: 'wasm', backend: 'wasm' },
  { folder: join(root, 'src/kernels/webgpu'), kind: 'wgsl', backend: 'webgpu' },
];

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const modules = sources.flatMap(({ folder, kind, backend }) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(`.${kind}`))
    .sort()
    .map((name) => {
      copyFileSync(join(folder, name), join(target, name));
      const bytes = readFileSync(join(folder, name));
      return { name, kind, backend, sha256: sha256(bytes), bytes: bytes.length };
    }),
);
const lines = modules.map(({ name, sha256 }) => `${name}:${sha256}`).sort();
const revision = sha256(lines.join('\n')).slice(0, 12);
writeFileSync(join(target, 'kernels.json'), `${JSON.stringify({ revision, modules }, null, 2)}\n`);
console.log(`${modules.length} kernels, revision ${revision}`);

function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}

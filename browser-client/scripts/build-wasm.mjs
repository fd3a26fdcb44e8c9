// Compiles wasm/assembly to build/wasm/*.wasm, one module for each target of asconfig.json; skips what is newer than its sources.
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = readdirSync(join(root, 'wasm/assembly')).map((name) => join(root, 'wasm/assembly', name));
const inputs = [...sources, join(root, 'wasm/asconfig.json'), fileURLToPath(import.meta.url)];
const { targets } = JSON.parse(readFileSync(join(root, 'wasm/asconfig.json'), 'utf8'));

process.chdir(join(root, 'wasm'));
for (const target of Object.keys(targets)) {
  const output = join(root, `build/wasm/facet-${target}.wasm`);
  if (!isFresh(output)) await compile(target, output);
}

async function compile(target, output) {
  mkdirSync(dirname(output), { recursive: true });
  const { error, stderr } = await asc.main(['assembly/index.ts', '--config', 'asconfig.json', '--target', target]);
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
  console.log(`facet-${target}.wasm: ${statSync(output).size} bytes`);
}

function isFresh(file) {
  const built = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return inputs.every((input) => statSync(input).mtimeMs < built);
}

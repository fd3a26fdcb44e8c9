// Compiles wasm/assembly to build/wasm/*.wasm, one module for each entry; skips what is newer than its sources.
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = readdirSync(join(root, 'wasm/assembly')).map((name) => join(root, 'wasm/assembly', name));
const inputs = [...sources, join(root, 'wasm/asconfig.json'), fileURLToPath(import.meta.url)];
const entries = { simd128: 'index.ts', relaxed: 'index-relaxed.ts' };

process.chdir(join(root, 'wasm'));
for (const [target, entry] of Object.entries(entries)) {
  const output = join(root, `build/wasm/facet-${target}.wasm`);
  if (!isFresh(output)) await compile(target, entry, output);
}

async function compile(target, entry, output) {
  mkdirSync(dirname(output), { recursive: true });
  const { error, stderr } = await asc.main([`assembly/${entry}`, '--config', 'asconfig.json', '--target', target]);
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

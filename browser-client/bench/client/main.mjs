// Runs the benchmark from source; vite, which the client has anyway, takes the types away.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { module } = await runnerImport(here('client.ts'), { root: here('../..'), configFile: false, logLevel: 'error' });
await module.main(process.argv.slice(2));

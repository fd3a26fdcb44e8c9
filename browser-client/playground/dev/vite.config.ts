import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type Plugin } from 'vite';
import site from '../vite.config.ts';
import { mockMesh } from './mock-mesh.mjs';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Puts the scripted client in the place of the library's, of which only the error type is left. */
function scriptedClient(): Plugin {
  return {
    name: 'facet-scripted-client',
    enforce: 'pre',
    resolveId: (source, importer) => {
      if (source === './client' && importer?.endsWith('/playground/main.tsx')) return here('scripted-client.ts');
      return /^(\.\.\/)+src$/.test(source) ? here('../../src/errors.ts') : null;
    },
  };
}

/** Answers the mesh's paths on the development server: `FACET_SCENARIO=empty npm run dev:site`. */
function mockServices(): Plugin {
  return {
    name: 'facet-mock-mesh',
    configureServer(server) {
      const mesh = mockMesh({ scenario: process.env['FACET_SCENARIO'] ?? 'normal' });
      server.middlewares.use((request, response, next) => {
        if (!mesh(request, response)) next();
      });
    },
  };
}

/** The pages without the services, for working on them; built into a folder of its own for the screenshots. */
export default mergeConfig(
  site,
  defineConfig({
    plugins: [scriptedClient(), mockServices()],
    build: { outDir: here('../../dist/mock-site') },
  }),
);

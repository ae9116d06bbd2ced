import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

/** What a browser test imports to get this package. */
const NAME = 'virtual:minified';

const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));

/**
 * Gives this package as an application's production build has it: bundled with all it depends on, and minified. Beside
 * its exports, `packages` are the names of what is in it from npm.
 */
export const minified = (): Plugin => ({
  name: NAME,
  resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
  async load(id) {
    if (id !== `\0${NAME}`) return null;
    const built = await build({
      configFile: false,
      logLevel: 'error',
      resolve: { conditions: ['@congruent/source'] },
      build: {
        write: false,
        minify: true,
        target: 'es2022',
        modulePreload: false,
        rolldownOptions: {
          input: entry,
          preserveEntrySignatures: 'strict',
          output: { codeSplitting: false },
        },
      },
    });
    const [chunk] = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
    if (chunk?.type !== 'chunk') throw new TypeError('the build gave no code');
    const packages = new Set(chunk.moduleIds.flatMap((path) => /.*\/node_modules\/([^/]+)/.exec(path)?.[1] ?? []));
    return `${chunk.code}\nexport const packages = ${JSON.stringify([...packages])};`;
  },
});

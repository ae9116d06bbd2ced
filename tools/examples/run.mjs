// Runs a TypeScript file of this folder on every supported Node, with the workspace's packages taken from their sources.
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const conditions = ['@congruent/source'];
const server = await createServer({
  root: fileURLToPath(new URL('.', import.meta.url)),
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, ws: false },
  optimizeDeps: { noDiscovery: true },
  oxc: { target: 'es2022' },
  resolve: { conditions },
  ssr: { noExternal: [/^@congruent\//], resolve: { conditions } },
});
try {
  const { main } = await server.ssrLoadModule(`/${process.argv[2]}`);
  await main(process.argv.slice(3));
} finally {
  await server.close();
}

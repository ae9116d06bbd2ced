// The programs, with the makers of files that other packages' tests have: those are TypeScript, and not published.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });

await build({
  // On one level, as src/workspace.ts counts on.
  entryPoints: {
    main: 'src/main.ts',
    worker: 'src/engine/worker.ts',
    surfaces: 'src/surfaces/surfaces.ts',
    soak: 'src/soak.ts',
    child: 'src/soak/child.ts',
    thread: 'src/soak/thread.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
});

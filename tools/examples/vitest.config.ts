import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vitest/config';
import { project } from '../testing/vitest.ts';

const registered = fileURLToPath(new URL('src/registered.ts', import.meta.url));

export default mergeConfig(project('examples'), {
  plugins: [
    {
      // A block that is a test file registers its tests with the test that runs the block.
      name: 'vitest of blocks',
      enforce: 'pre' as const,
      resolveId: (source: string, importer: string | undefined) =>
        source === 'vitest' && importer?.includes('/dist/blocks/') ? registered : undefined,
    },
  ],
});

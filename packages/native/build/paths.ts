import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The folder of this package, whether this runs as source or built. */
const PACKAGE: string = dirname(require.resolve('@congruent/native/package.json'));

/** C that is written by hand. */
export const C: string = join(PACKAGE, 'c');

/** What the emitter made of the cells of the classes. */
export const GENERATED: string = join(PACKAGE, 'src', 'generated');

/** The headers of Node-API. */
export const NODE_API: string = join(dirname(require.resolve('node-api-headers/package.json')), 'include');

/** The folder of these scripts, and of what they make. */
export const BUILD: string = join(PACKAGE, 'build');

/** Object files; may be deleted at any time. */
export const OBJECTS: string = join(BUILD, 'objects');

/** Where the addon for a platform is built. */
export const addonOf = ({ platform, arch }: { readonly platform: string; readonly arch: string }): string =>
  join(BUILD, `${platform}-${arch}`, 'congruent.node');

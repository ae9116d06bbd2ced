import { CongruentError } from '@congruent/runtime';
import type { Addon } from './addon.ts';

/** The part of Node that is used here; elsewhere, in a page or a bundle for one, there is none of it. */
interface Node {
  readonly platform: string;
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  getBuiltinModule?(name: 'module'): { createRequire(from: string): (specifier: string) => unknown };
}

/** Node's `process`; undefined in other engines. */
export const node = (): Node | undefined => (globalThis as { readonly process?: Node }).process;

/** The address of this module, written so that bundlers know it; its type is not that of every environment. */
const HERE = (import.meta as { readonly url: string }).url;

/** The addon of the classes' cells: that of the prebuilt package, otherwise the one that was built here. */
export const packageAddon = (): Addon =>
  loadAddon(HERE, (platform) => [`@congruent/native-${platform}`, `../build/${platform}/congruent.node`]);

/** The addon of a cell of one's own, which `congruent generate` built beside the module at this address. */
export const cellAddon = (cell: string, address: string): Addon =>
  loadAddon(address, (platform) => [`./${cell}.${platform}.node`]);

/**
 * Loads an addon.
 *
 * @param from    the module that looks for it
 * @param places  where it may be, for a platform such as `linux-x64`
 * @throws CongruentError NATIVE_UNAVAILABLE with what was looked for and what the loader said
 */
export function loadAddon(from: string, places: (platform: string) => readonly string[]): Addon {
  const { platform, arch, getBuiltinModule } = node() ?? {};
  if (getBuiltinModule === undefined) {
    throw unavailable('it runs in Node, 20.19 or later, and this engine is another one');
  }
  const { createRequire } = getBuiltinModule('module');
  const obstacles: string[] = [];
  for (const place of places(`${platform}-${arch}`)) {
    try {
      return createRequire(from)(place) as Addon; // a bundle in another format may not know where it is, either
    } catch (error) {
      const [said] = (error as Error).message.split('\n');
      obstacles.push(`${place} (${said})`);
    }
  }
  throw unavailable(`nothing that was looked for on ${platform}-${arch} loads: ${obstacles.join('; ')}`);
}

export const unavailable = (obstacle: string): CongruentError =>
  new CongruentError(
    'NATIVE_UNAVAILABLE',
    `@congruent/native cannot be used: ${obstacle}. Use @congruent/wasm, which gives the same bits; or compile what is ` +
      'missing, with GCC or Clang: npx congruent-native-build, of cells of your own congruent generate once more.',
  );

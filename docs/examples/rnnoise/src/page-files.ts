import { readdir } from 'node:fs/promises';

const root = new URL('../', import.meta.url);

/**
 * Where the files of the page are, by path from its address.
 *
 * @param exported  the folder of the exported network
 */
export async function pageFiles(exported: URL): Promise<ReadonlyMap<string, URL>> {
  const [scripts, sound] = [new URL('dist/page/', root), new URL('dist/sound/', root)];
  const scriptsIn = async (folder: URL, path: string): Promise<[string, URL][]> =>
    (await readdir(folder))
      .filter((name) => name.endsWith('.js'))
      .map((name) => [`${path}${name}`, new URL(name, folder)]);
  return new Map([
    ['', new URL('page/index.html', root)],
    ['style.css', new URL('page/style.css', root)],
    ...(await scriptsIn(scripts, '')),
    ...(await scriptsIn(sound, 'sound/')),
    ['rnnoise.js', new URL('rnnoise.js', exported)],
    ['rnnoise.wasm', new URL('rnnoise.wasm', exported)],
    ['speech.wav', new URL('data/speech.wav', root)],
  ]);
}

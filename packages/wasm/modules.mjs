// Writes the modules of the classes as .wasm files to dist/modules, from the bytes that are generated, for engines that
// compile none. Runs after the rest of the build.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const GENERATED = /^(\w+\.float(?:32|64)(?:\.relaxed)?)(\.training)?\.ts$/;
const files = readdirSync('src/generated').filter((file) => GENERATED.test(file));

const contents = [
  "export { decode } from './src/compile.ts';",
  ...files.map((file, index) => `export { bytes as text${index} } from './src/generated/${file}';`),
].join('\n');
const { outputFiles } = await build({
  stdin: { contents, resolveDir: '.' },
  bundle: true,
  conditions: ['@congruent/source'],
  format: 'esm',
  platform: 'neutral',
  write: false,
});
const texts = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);

rmSync('dist/modules', { recursive: true, force: true });
mkdirSync('dist/modules');
for (const [index, file] of files.entries()) {
  const [, name, training] = GENERATED.exec(file);
  const full = `${name}.${training ? 'training' : 'inference'}`;
  writeFileSync(`dist/modules/${full}.wasm`, withName(texts.decode(texts[`text${index}`]), full));
}

/** A module with one more custom section, which is empty and has this name: `create` knows modules by it. */
function withName(/** @type {Uint8Array} */ bytes, /** @type {string} */ name) {
  const custom = 0;
  return Buffer.concat([bytes, Buffer.from([custom, name.length + 1, name.length]), Buffer.from(name)]);
}

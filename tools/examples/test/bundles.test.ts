import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseAst } from 'vite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { chromium } from '../../testing/chromium.mjs';
import { titleOf } from '../../testing/page-title.mjs';
import { read, root } from '../src/documents.ts';

/** The options that choose a cell, of each class. */
const CELLS = [
  ['GRU', {}],
  ['GRU', { resetAfter: false }],
  ['LSTM', {}],
  ['LSTM', { projSize: 1 }],
  ['RNN', {}],
  ['RNN', { nonlinearity: 'relu' }],
] as const;

/** The rows of the table in the documentation: file, what is in it, its most after gzip in kB. */
const rows = [
  ...read('docs/audio-worklets.md').matchAll(/^\| `(@?[\w/]+)\/dist\/(\w+\.bundle\.js)` .*\| (\d+) \|$/gm),
].map(([, name, file, most]) => ({
  title: `${name}/dist/${file}`,
  path: join(root, 'packages', name!.replace('@congruent/', ''), 'dist', file!),
  most: Number(most),
}));

test('the table has every bundle', () => {
  const built = readdirSync(join(root, 'packages')).flatMap((name) => {
    const { exports } = JSON.parse(read(`packages/${name}/package.json`)) as { exports?: Record<string, object> };
    return Object.keys(exports ?? {}).filter((entry) => entry.endsWith('/bundle'));
  });
  expect(rows).toHaveLength(built.length);
});

describe.each(rows)('$title', ({ path, most }) => {
  const text = readFileSync(path, 'utf8');

  test('is one file: it names no other, as a module, by import() or as a source map', () => {
    const program = JSON.stringify(parseAst(text));
    const statements = ['ImportDeclaration', 'ImportExpression', 'ExportAllDeclaration'];
    expect(statements.filter((type) => program.includes(`"type":"${type}"`))).toEqual([]);
    expect(text.includes('//# sourceMappingURL=')).toBe(false);
  });

  test('is at most as large as the table says', () => {
    expect(gzipSync(text, { level: 9 }).length / 1000).toBeLessThanOrEqual(most);
  });

  test('has every cell at hand, in every element type and arithmetic', async () => {
    const { backend, tensor, ...classes } = await import(/* @vite-ignore */ path);
    const isAsync = !backend.supports.sync;
    const types = backend.supports.float64 ? ['float32', 'float64'] : ['float32'];
    const arithmetics = backend.supports.relaxed ? [{}, { math: 'relaxed' }] : [{}];
    for (const [name, option] of CELLS)
      for (const dtype of types)
        for (const arithmetic of arithmetics) {
          const options = { inputSize: 2, hiddenSize: 3, dtype, ...option, ...arithmetic };
          const layer = isAsync
            ? await classes[name].create({ ...options, device: 'webasm' })
            : classes[name].createSync(options);
          const data = dtype === 'float64' ? new Float64Array(4) : new Float32Array(4);
          const { output } = await layer.forward(tensor(data.fill(0.5), [2, 1, 2]));
          expect(output.data.every(Number.isFinite), JSON.stringify(options)).toBe(true);
        }
  });
});

describe('what is built', () => {
  const scripts = readdirSync(join(root, 'packages')).flatMap((name) => {
    const folder = join(root, 'packages', name, 'dist');
    const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
    return files.filter((file) => file.endsWith('.js.map')).map((file) => join(folder, file));
  });

  test('has source maps that lead nowhere out of the package', () => {
    const lost = scripts.flatMap((map) => {
      const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: readonly string[] };
      const own = map.slice(0, map.indexOf('/dist/') + 1);
      const paths = sources.map((source) => join(dirname(map), source));
      return paths.filter((path) => !path.startsWith(own));
    });
    expect(scripts.length).toBeGreaterThan(100);
    expect(lost).toEqual([]);
  });

  test.each([
    ['gpujs', /^gpu\.js .*\n[\s\S]*Copyright \(c\) 2019 gpu\.js Team/m],
    ['models', /^@bufbuild\/protobuf .*\n[\s\S]*Copyright 2021-2026 Buf[\s\S]*END OF TERMS AND CONDITIONS/m],
  ])('of %s has the licences of what is in it', (name, text) => {
    expect(read(`packages/${name}/dist/licenses.txt`)).toMatch(text);
  });
});

const recipes = join(root, 'tools/registry/consumer/audio-worklets');
if (!existsSync(chromium) && process.env['CI'])
  throw new Error(`The page's tests need Chromium, and there is no ${chromium}.`);

/** An empty folder that lasts as long as a test. */
function emptyFolder(): string {
  mkdirSync(join(root, 'tools/examples/dist'), { recursive: true });
  const folder = mkdtempSync(join(root, 'tools/examples/dist/page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const MODULE = `<!doctype html>
<title>…</title>
<link rel="icon" href="data:,">
<script type="module">
  import { backend, GRU, tensor } from './bundle.js';

  const device = backend.devices ? { device: 'webasm' } : {};
  const gru = await GRU.create({ inputSize: 1, hiddenSize: 3, ...device });
  const { output } = await gru.forward(tensor([0.5, 1], [2, 1]));
  document.title = output.shape.join(' ');
</script>
`;

describe.skipIf(!existsSync(chromium))('a page without a bundler', () => {
  test.each(rows)('has the module $title', async ({ path }) => {
    const folder = emptyFolder();
    cpSync(path, join(folder, 'bundle.js'));
    writeFileSync(join(folder, 'index.html'), MODULE);
    expect(await titleOf(folder)).toBe('2 3');
  });

  const worklets = rows.filter(({ title }) => !title.startsWith('@congruent/gpujs/'));

  test.each(worklets)('has an AudioWorklet of $title', async ({ path }) => {
    const folder = emptyFolder();
    for (const file of ['page.js', 'add-processor.js']) cpSync(join(recipes, file), join(folder, file));
    cpSync(join(recipes, 'plain'), folder, { recursive: true });
    cpSync(path, join(folder, 'inference.bundle.js'));
    const processor = readFileSync(join(recipes, 'processor.js'), 'utf8');
    writeFileSync(
      join(folder, 'processor.js'),
      processor.replace('@congruent/wasm/inference/bundle', './inference.bundle.js'),
    );
    expect(await titleOf(folder)).toBe('the same bits in both places');
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { findBackends } from '../src/backends.ts';
import { workCalled } from '../src/works.ts';

test('a backend takes part in the rows of the layers that it has, and one with fewer in those alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'congruent-backends-'));
  try {
    const write = (path: string, text: string) => {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    for (const [name, classes, entries] of [
      ['old', ['GRU'], ['.']],
      ['now', ['GRU', 'LSTM'], ['.', './emitter', './define']],
    ] as const) {
      write(`${name}/codegen/index.ts`, '');
      const exports = Object.fromEntries(entries.map((entry) => [entry, { default: './index.js' }]));
      write(`${name}/package.json`, JSON.stringify({ name, type: 'module', exports }));
      const exported = classes.map((each) => `export const ${each} = {};`);
      write(`${name}/index.js`, [...exported, 'export const backend = { supports: { training: true } };'].join('\n'));
    }
    const backends = await findBackends(`${pathToFileURL(folder).href}/`);
    const ableTo = async (row: string) => {
      const able = await Promise.all(backends.map(({ does }) => does(workCalled(row))));
      return backends.map(({ name }) => name).filter((name, index) => able[index] && !name.includes(','));
    };
    expect(await ableTo('step-64-128')).toEqual(['now', 'old']);
    expect(await ableTo('lstm-step-64-128')).toEqual(['now']);
    expect(await ableTo('network-step-64-64')).toEqual(['now']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as codegen from '@congruent/codegen';
import * as conformance from '@congruent/conformance';
import * as models from '@congruent/models';
import * as runtime from '@congruent/runtime';
import * as spec from '@congruent/spec';
import * as train from '@congruent/train';
import * as congruent from 'congruent';
import { afterEach, expect, test, vi } from 'vitest';
import { docstringExamples, withPrints } from '../src/docstrings.ts';
import { expectedPrints, printed } from '../src/printed.ts';

/** Where examples' names come from: the first that has one. */
const PACKAGES = {
  congruent,
  '@congruent/train': train,
  '@congruent/models': models,
  '@congruent/spec': spec,
  '@congruent/codegen': codegen,
  '@congruent/conformance': conformance,
  '@congruent/runtime': runtime,
};

/** What examples are given that is no part of them; later ones may name earlier ones. */
const GIVEN = {
  gru: 'const gru = GRU.createSync({ inputSize: 5, hiddenSize: 48 });',
  head: 'const head = new Linear({ inFeatures: 48, outFeatures: 10 });',
  input: 'const input = tensor(new Float32Array(4), [4]);',
  h0: 'const h0 = undefined;',
  gradients: 'const gradients = gru.stateDict();',
  parameters: 'const parameters = joinStateDicts({ gru: gru.stateDict(), head: head.stateDict() });',
  x: 'const x = tensor(new Float32Array(2 * 48), [2, 48]);',
  labels: 'const labels = [1, 2];',
  epoch: 'const epoch = 1;',
} as const;

/** Examples of what a reader brings along, by their file. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'packages/codegen/src/reference/interpreter.ts': 'of parameters of a cell',
  'packages/conformance/src/emitters/emitter-conformance.ts': 'of an emitter; docs/adding-a-backend.md runs it',
  'packages/conformance/src/run/run.ts': 'the whole suite; the backends’ tests run it',
  'packages/models/src/model.ts': 'of a model file; docs/bring-your-model runs it',
  'packages/models/src/read-model.ts': 'of a model file; docs/bring-your-model runs it',
  'packages/runtime/src/api/own.ts': 'a type',
  'packages/runtime/src/formats/file-kind.ts': 'of a file',
  'packages/runtime/src/formats/safetensors.ts': 'of a file on a server; README.md runs it',
  'packages/runtime/src/formats/write-safetensors.ts': 'writes a file; docs/export.md runs it',
};

const folder = fileURLToPath(new URL('../dist/docstrings', import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const fileOf = (title: string): string => title.split(',')[0]!;
const examples = docstringExamples();

/** A module of an example, with what it names and does not say: what its own package has comes from there. */
function moduleOf(code: string, file: string): string {
  const own = Object.entries(PACKAGES).filter(([specifier]) =>
    file.startsWith(specifier.replace('@congruent', 'packages')),
  );
  const isFree = (name: string, text: string) =>
    new RegExp(`(?<![\\w.$'])${name}(?![\\w'])`).test(text) &&
    !new RegExp(`(?:const|let) (?:\\{[^}]*\\b${name}\\b[^}:]*\\}|${name}\\b)|import .*\\b${name}\\b`).test(text);
  let text = code;
  const program = () => text.replaceAll(/(?:#|\/\/) .*$/gm, '');
  for (const [name, given] of Object.entries(GIVEN).reverse()) {
    if (!own.some(([, names]) => name in names) && isFree(name, program())) text = `${given}\n${text}`;
  }
  const imported = new Set<string>();
  const lines = [...own, ...Object.entries(PACKAGES)].map(([specifier, names]) => {
    const used = Object.keys(names).filter((name) => !imported.has(name) && isFree(name, program()));
    for (const name of used) imported.add(name);
    return `import { ${used.join(', ')} } from '${specifier}';`;
  });
  return `${lines.join('\n')}\n${text}\nexport {};\n`;
}

afterEach(() => vi.restoreAllMocks());

test.each(examples.filter(({ title }) => !(fileOf(title) in NOT_RUN)).map(({ title, code }) => [title, code] as const))(
  '%s: its example runs and gives what it says',
  async (title, code) => {
    const got: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
      got.push(printed(values));
    });
    const text = withPrints(code);
    const path = join(folder, `${title.replaceAll(/\W+/g, '-')}.ts`);
    writeFileSync(path, moduleOf(text, fileOf(title)));
    await import(/* @vite-ignore */ path);
    const expected = expectedPrints(text);
    if (expected.length > 0) expect(got).toEqual(expected.map((said, index) => said ?? got[index]));
  },
);

test('what is not run is there', () => {
  const files = examples.map(({ title }) => fileOf(title));
  expect(Object.keys(NOT_RUN).filter((file) => !files.includes(file))).toEqual([]);
});

import { expect, test } from 'vitest';
import { undeclaredFiles, undeclaredVariables } from '../undeclared.mjs';

const inputs = { files: ['docs/errors.md', 'packages/spec/package.json'], environment: ['CI'] };

test('a file that is no input is undeclared', () => {
  expect(undeclaredFiles(['docs/errors.md', 'docs/numerics.md'], inputs)).toEqual(['docs/numerics.md']);
});

test('what a package was built to is declared with its package', () => {
  expect(undeclaredFiles(['packages/spec/dist/index.js'], inputs)).toEqual([]);
  expect(undeclaredFiles(['packages/wasm/dist/index.js'], inputs)).toEqual(['packages/wasm/dist/index.js']);
  expect(undeclaredFiles(['packages/wasm/codegen/dist/index.js'], inputs)).toHaveLength(1);
  expect(undeclaredFiles(['packages/spec/build/objects/a.o'], inputs)).toEqual([]);
  expect(undeclaredFiles(['packages/spec/build/a.ts'], inputs)).toHaveLength(1);
});

test('an environment variable that is no input is undeclared, however it is written', () => {
  const env = ['process', 'env'].join('.'); // these are no reads of this test
  const sources = [`${env}['CI']`, `${env}.PYTHON`, `${env}["VK_DRIVER_FILES"]`, `${env}.NODE_OPTIONS`];
  expect(undeclaredVariables(sources, inputs)).toEqual(['PYTHON', 'VK_DRIVER_FILES']);
});

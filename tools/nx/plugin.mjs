// Infers the targets of every package of the workspace, so that no package.json names one that others have, too.
// Plain JavaScript: Nx loads it before anything is built, on Node 20 too.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** @import { TargetConfiguration } from 'nx/src/devkit-exports' */

const read = (/** @type {string} */ path) => JSON.parse(readFileSync(path, 'utf8'));

/** @type {import('nx/src/devkit-exports').CreateNodes} */
export const createNodes = [
  '{packages/*,tools/*,docs,docs/examples/*,docs/explorer}/package.json',
  (files, _, { workspaceRoot }) =>
    files.map((file) => [file, { projects: { [dirname(file)]: projectOf(workspaceRoot, dirname(file)) } }]),
];

/** What is inferred for the package in a folder. */
function projectOf(/** @type {string} */ root, /** @type {string} */ folder) {
  const has = (/** @type {string} */ path) => existsSync(join(root, folder, path));
  const tools = posix.join(posix.relative(folder, '.'), 'tools');
  const isBackend = has('codegen/index.ts');
  return {
    root: folder,
    tags: isBackend ? ['backend'] : [],
    targets: {
      ...(has('vitest.config.ts') && { inputs: command(`node ${tools}/nx/inputs.mjs`, '{projectRoot}') }),
      ...(has('vitest.browser.config.ts') && {
        'test:browser': command(`node ${tools}/testing/browser.mjs`, '{projectRoot}'),
      }),
      ...(isBackend && backendTargets(root, folder)),
    },
  };
}

/** @returns {TargetConfiguration} */
const command = (/** @type {string} */ line, /** @type {string} */ cwd) => ({
  executor: 'nx:run-commands',
  options: { command: line, cwd },
});

/** The package that turns what emitters give into files; the program `congruent` of the package of that name starts it. */
const COMMAND = '@congruent/cli';

/** The targets of a package with an emitter: `codegen/`, compiled; run; and what it makes, held to the suite. */
function backendTargets(/** @type {string} */ root, /** @type {string} */ folder) {
  const { name } = read(join(root, folder, 'package.json'));
  const compiler = compilerOf(root, folder);
  const emitter = [
    '{projectRoot}/package.json',
    '{projectRoot}/codegen/**/*',
    'sharedGlobals',
    { input: 'production', projects: compiler },
  ];
  const generate = `congruent generate --backend ${posix.basename(folder)}`;
  const afterEmitter = { dependsOn: ['build:codegen', { target: 'build', projects: [...compiler, COMMAND] }] };
  const generated = [
    ...emitter,
    '{workspaceRoot}/packages/congruent/bin/*',
    { input: 'production', projects: [COMMAND] },
  ];
  return {
    'build:codegen': {
      ...command('tsc -b codegen', '{projectRoot}'),
      dependsOn: [{ target: 'build', projects: compiler }],
      inputs: emitter,
      outputs: ['{projectRoot}/codegen/dist'],
      cache: true,
    },
    generate: {
      ...command(generate, '.'),
      ...afterEmitter,
      inputs: generated,
      outputs: ['{projectRoot}/src/generated'],
      cache: true,
    },
    'generate:check': {
      ...command(`${generate} --check`, '.'),
      ...afterEmitter,
      inputs: [...generated, '{projectRoot}/src/generated/**/*'],
      cache: true,
    },
    conformance: command(`congruent-conformance ${name}`, '.'),
  };
}

/** The packages that an emitter is compiled with: the references of its tsconfig, and theirs. */
function compilerOf(/** @type {string} */ root, /** @type {string} */ folder) {
  const found = new Set();
  const follow = (/** @type {string} */ from) => {
    for (const { path } of read(join(root, from, 'tsconfig.json')).references ?? []) {
      const to = posix.join(from, path);
      const { name } = read(join(root, to, 'package.json'));
      if (!found.has(name)) follow(to);
      found.add(name);
    }
  };
  follow(posix.join(folder, 'codegen'));
  return [...found].sort();
}

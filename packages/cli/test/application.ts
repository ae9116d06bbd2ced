import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, onTestFinished } from 'vitest';
import { write } from './workspace.ts';

const packages = fileURLToPath(new URL('../../', import.meta.url));
const commands = fileURLToPath(new URL('./commands.mjs', import.meta.url));

/** A backend of somebody else: its emitter gives a module with the cell's name, its classes are that and theirs. */
const MY_BACKEND: Readonly<Record<string, string>> = {
  'node_modules/my-backend/package.json':
    '{ "type": "module", "exports": { "./emitter": { "import": "./emitter.js" }, "./define": "./define.js" } }',
  'node_modules/my-backend/emitter.js': `
    import { signatureOf } from '@congruent/codegen';
    const moduleOf = (program) => [
      'import type { CellSignature } from "@congruent/runtime";',
      'export const signature: CellSignature = ' + JSON.stringify(signatureOf(program)) + ';',
      'export * as more from "./' + program.cell.name + '.more.ts";',
    ].join('\\n');
    const more = { kind: 'constant', name: 'more', type: 'number', value: ['1'], exported: true };
    export default {
      name: 'mine',
      emit: (program) => [
        { kind: 'text', path: program.cell.name + '.ts', comment: '//', text: moduleOf(program) },
        { kind: 'typescript', path: program.cell.name + '.more.ts', declarations: [more] },
        { kind: 'text', path: program.cell.name + '.lua', comment: '--', text: 'return 1' },
      ],
    };`,
  'node_modules/my-backend/define.js': `
    export const layerClass = ({ signature, more }, name) => [name, signature.states[0].name, more.more];
    export const cellClass = (_, name) => [name];`,
};

/** A folder with these files, and the backend, until the test ends; of @congruent it has the specification installed. */
export function application(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'congruent-application-')));
  onTestFinished(() => rmSync(root, { recursive: true }));
  write(root, { ...MY_BACKEND, ...files });
  mkdirSync(join(root, 'node_modules/@congruent'), { recursive: true });
  symlinkSync(join(packages, 'spec'), join(root, 'node_modules/@congruent/spec'));
  return root;
}

let running: ChildProcess | undefined;

/** Ends the process that runs commands, with all that it has imported. */
export function forget(): void {
  running?.kill();
  running = undefined;
}

afterAll(forget);

/** Runs `congruent`, as it is built, in a folder. */
export async function congruentIn(
  cwd: string,
  ...args: readonly string[]
): Promise<{ printed: string; exitCode: number | undefined }> {
  running ??= fork(commands, { execArgv: [] });
  running.send({ cwd, args });
  const [result] = await once(running, 'message');
  return result;
}

/** Runs a module in a folder; what it prints. */
export function run(root: string, file: string): string {
  // Without colours, which a terminal or a runner of tasks may ask for.
  const env = { ...process.env, FORCE_COLOR: '0' };
  const { stdout, stderr } = spawnSync(process.execPath, [file], { cwd: root, encoding: 'utf8', env });
  return `${stdout}${stderr}`.trimEnd();
}

/** A cell of one state, in the notation. */
export const cellText = (name: string): string => `
  ${name}(x[I], h[H]) -> h'
  h' = tanh(W @ x + h)
  layout plain
    W = [W]
`;

/** A module that exports cells of these names as `a`, `b`, … */
export const moduleOf = (...names: readonly string[]): string =>
  [
    "import { defineCell } from '@congruent/spec';",
    ...names.map((name, at) => `export const ${'abcdefgh'[at]} = defineCell(\`${cellText(name)}\`);`),
  ].join('\n');

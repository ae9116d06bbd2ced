import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, root } from './documents.ts';

/** A command that a document shows, and what the document says it prints. */
export interface Command {
  readonly title: string;
  readonly text: string;
  /** Lines; `…` stands for any number of them. Empty: the document does not say. */
  readonly output: readonly string[];
}

/** The commands of this repository, as they are after `npm run build`. */
const PROGRAMS: Readonly<Record<string, string>> = {
  congruent: 'packages/congruent/bin/congruent.js',
  'congruent-conformance': 'packages/conformance/bin/congruent-conformance.js',
};

/** Commands that no test runs, each with the reason. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  'npm ci && npm start': 'the main job, which installs',
  'npm ci && npm test': 'runs this test',
  'npm run train:digits': 'builds; the tests of tools/digits run the program',
  'npm run example:vad': 'installs, and measures; the tests of docs/examples/vad run its parts',
  'npm run example:vad -- --page': 'serves until it is stopped',
  'congruent generate': 'writes; `congruent generate --check` is run',
  'congruent generate --backend scalar': 'writes; the tests of packages/cli run it in a folder of their own',
  'npm run check:registry': 'installs, and is a check itself',
  'npm run check:registry -- --full': 'installs, and is a check itself',
  'npm run example:rnnoise': 'installs; the tests of docs/examples/rnnoise run its parts',
  'npm run example:rnnoise -- --page': 'serves until it is stopped',
};

/** The commands in `console` blocks, after `$`, with their output, and in `sh` blocks, one to a line. */
export function commandsOf({ title, language, code }: Block): readonly Command[] {
  if (language !== 'console' && language !== 'sh') return [];
  const commands: { title: string; text: string; output: string[] }[] = [];
  for (const line of code.split('\n')) {
    const text = language === 'sh' ? line : /^\$ (.*)$/.exec(line)?.[1];
    if (text === undefined) commands.at(-1)?.output.push(line);
    else if (text.trim()) commands.push({ title, text: text.replace(/\s+# .*$/, ''), output: [] });
  }
  for (const { output } of commands) while (output.at(-1) === '') output.pop();
  return commands;
}

/** Whether a command names a file that the document shows, or one of the data, and runs where these are. */
export const usesBlock = ({ text }: Command): boolean =>
  /^npx congruent \w+ [\w/-]+\.([jt]s|safetensors|pth|onnx|keras|json)\b/.test(text);

/** Runs one of this repository's commands, from its root or another folder below it. */
export function run(
  text: string,
  cwd: string = root,
): { readonly status: number | null; readonly lines: readonly string[] } {
  const [name, ...args] = text.replace(/^npx /, '').split(' ');
  const program = PROGRAMS[name!];
  if (program === undefined) throw new Error(`${text}: not a command of this repository; see NOT_RUN in commands.ts`);
  if (!existsSync(join(root, program, '../../dist/index.js')))
    throw new Error(`${program} is not built: npm run build`);
  const { status, stdout, stderr } = spawnSync('node', [join(root, program), ...args], { cwd, encoding: 'utf8' });
  return { status, lines: `${stdout}${stderr}`.trimEnd().split('\n') };
}

/** Whether lines are as expected, `…` standing for any number of lines. */
export function matches(lines: readonly string[], expected: readonly string[]): boolean {
  if (expected.length === 0) return lines.length === 0;
  const [first, ...rest] = expected;
  if (first !== '…') return lines[0]?.trimEnd() === first!.trimEnd() && matches(lines.slice(1), rest);
  return lines.some((_, index) => matches(lines.slice(index), rest)) || rest.length === 0;
}

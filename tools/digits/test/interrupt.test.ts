import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSafetensors, writeSafetensors } from '@congruent/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/train/main.js', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'digits-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly printed: string;
}

/** Runs `npm run train:digits` as built; `meanwhile` sees it as soon as it trains. */
async function trainDigits(args: readonly string[], meanwhile?: (child: ChildProcess) => void): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args]);
  let printed = '';
  const hear = (chunk: Buffer): void => {
    if (printed === '' && meanwhile) setTimeout(() => meanwhile(child), 50);
    printed += chunk;
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, printed };
}

test('Ctrl-C saves and ends; the same command goes on, to the same file as a run that was left alone', async () => {
  const [interrupted, whole] = [join(folder, 'interrupted.safetensors'), join(folder, 'whole.safetensors')];
  const epochs = ['--epochs', '4'];
  const first = await trainDigits([...epochs, '--checkpoint', interrupted], (child) => {
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGINT'), 3); // as npm does, beside the terminal
  });
  expect(first.printed).toContain('The same command goes on.');
  expect(first.code).toBe(130);
  const second = await trainDigits([...epochs, '--checkpoint', interrupted]);
  expect(second.printed).toContain('images it has not seen are read rightly');
  expect(second.code).toBe(0);
  expect((await trainDigits([...epochs, '--checkpoint', whole])).code).toBe(0);
  expect((await readFile(interrupted)).equals(await readFile(whole))).toBe(true);

  const third = await trainDigits([...epochs, '--checkpoint', whole]);
  expect(third.printed).toContain('holds a finished run');
  const other = await trainDigits(['--epochs', '5', '--checkpoint', whole]);
  expect(other.printed).toContain('holds a run with other settings');
  expect(other.code).toBe(2);
});

/** How far a run has come, as a checkpoint has it. */
const progress = (changes: object): string =>
  JSON.stringify({ epoch: 0, batch: 0, lossSum: 0, losses: [], ...changes });

/** Long enough that no machine comes to its end. */
const long = ['--epochs', '100000'];

test.each([
  ['a request to end', 143, (child: ChildProcess) => child.kill('SIGTERM')],
  ['a terminal that is closed', 129, (child: ChildProcess) => child.kill('SIGHUP')],
  [
    'an output that nobody reads',
    141,
    ({ stdout, stderr }: ChildProcess) => {
      stdout!.destroy();
      stderr!.destroy();
    },
  ],
])('%s saves, too', async (name, code, end) => {
  const checkpoint = join(folder, `${name}.safetensors`);
  expect((await trainDigits([...long, '--checkpoint', checkpoint], end)).code).toBe(code);
  const { metadata } = readSafetensors(await readFile(checkpoint));
  expect(JSON.parse(metadata['settings']!)).toMatchObject({ epochs: 100_000 });
  expect(await readdir(folder)).not.toContain(`${name}.safetensors.part`);
});

test('every pass is saved', async () => {
  const checkpoint = join(folder, 'killed.safetensors');
  const { code } = await trainDigits([...long, '--checkpoint', checkpoint], async (child) => {
    while (!(await readdir(folder)).includes('killed.safetensors')) await new Promise(setImmediate);
    child.kill('SIGKILL');
  });
  expect(code).toBeNull();
  const { metadata } = readSafetensors(await readFile(checkpoint));
  expect(JSON.parse(metadata['progress']!)).toMatchObject({ batch: 0, lossSum: 0 });
});

test('where saving fails on the way it ends, and says why', async () => {
  const gone = join(folder, 'gone');
  await mkdir(gone);
  const { code, printed } = await trainDigits([...long, '--checkpoint', join(gone, 'a.safetensors')], () =>
    rename(gone, join(folder, 'moved')),
  );
  expect(printed).toContain('a.safetensors cannot be written: no such file or directory.');
  expect(code).toBe(2);
});

describe('before anything is trained', () => {
  /** The help, or what is wrong with a file. */
  async function refused(args: readonly string[]): Promise<string> {
    const { code, printed } = await trainDigits(args);
    expect(code).toBe(2);
    expect(printed).not.toContain('░');
    return printed;
  }

  test('a path that cannot be written is refused', async () => {
    expect(await refused(['--checkpoint', join(folder, 'absent', 'a.safetensors')])).toContain(
      'a.safetensors cannot be written: no such file or directory.',
    );
    expect(await refused(['--checkpoint', folder, '--fresh'])).toContain('cannot be written: this is a folder.');
  });

  const settings = '{"epochs":60}';
  test.each([
    ['a page', '<html>', 'the file is an HTML page'],
    ['settings that are no JSON', { settings: '{', progress: '{}' }, 'is not a checkpoint'],
    ['progress that is null', { settings, progress: 'null' }, 'is not a checkpoint'],
    ['a batch that is no number', { settings, progress: progress({ batch: '1' }) }, 'is not a checkpoint'],
    ['no progress', { settings }, 'is not a checkpoint'],
  ])('a checkpoint with %s is refused by name', async (name, holds, words) => {
    const checkpoint = join(folder, `${name}.safetensors`);
    await writeFile(
      checkpoint,
      typeof holds === 'string' ? holds : writeSafetensors({}, holds as Record<string, string>),
    );
    const printed = await refused(['--checkpoint', checkpoint]);
    expect(printed).toContain(checkpoint);
    expect(printed).toContain(words);
  });

  test.each([
    ['a batch that no pass has', { batch: 1e9 }, 'no run comes there'],
    ['a pass that the run does not have', { epoch: 5, losses: [1, 1, 1, 1, 1] }, 'no run comes there'],
    ['fewer losses than passes', { epoch: 1, losses: [] }, 'no run comes there'],
    ['no weights', {}, 'no name begins with "gru."'],
  ])('a checkpoint with %s is refused by name', async (name, changes, words) => {
    const checkpoint = join(folder, `${name}.safetensors`);
    expect((await trainDigits(['--epochs', '1', '--checkpoint', checkpoint])).code).toBe(0);
    const { tensors, metadata } = readSafetensors(await readFile(checkpoint));
    const kept = name === 'no weights' ? {} : tensors;
    const now = progress(changes);
    await writeFile(checkpoint, writeSafetensors(kept as never, { settings: metadata['settings']!, progress: now }));
    const printed = await refused(['--epochs', '1', '--checkpoint', checkpoint]);
    expect(printed).toContain(checkpoint);
    expect(printed).toContain(words);
  });
});

test.each([
  [['--epochs', '0'], '--epochs takes an integer from 1, got 0'],
  [['--backend', 'cuda'], '--backend must be one of'],
  [['--cell', 'rnn'], '--cell must be one of gru, lstm, got rnn'],
  [['--speed', '9'], "Unknown option '--speed'"],
])('%j is refused, with where to read on', async (args, words) => {
  const { code, printed } = await trainDigits(args);
  expect(printed).toContain(words);
  expect(printed).toContain('npm run train:digits -- --help');
  expect(code).toBe(2);
});

import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const dist = new URL('../dist/index.js', import.meta.url).href;

const PROGRAM = `
  import { GRU, tensor } from '${dist}';
  for (const device of ['auto', 'cpu']) {
    try {
      const gru = await GRU.create({ inputSize: 1, hiddenSize: 1, device });
      await gru.forward(tensor([1], [1, 1]));
      console.log(gru.device);
    } catch (error) {
      console.log(error.message);
    }
  }
`;

/** What Node prints that was started with these flags, without a Vulkan driver. */
function printed(...flags: readonly string[]): readonly string[] {
  const args = [...flags, '--input-type=module', '--eval', PROGRAM];
  const env = { ...process.env, LD_LIBRARY_PATH: '', VK_DRIVER_FILES: 'none', VK_ICD_FILENAMES: 'none' };
  return spawnSync(process.execPath, args, { encoding: 'utf8', env }).stdout.trim().split('\n');
}

const cpuRefused = expect.stringMatching(
  /^CONGRUENT_DEVICE: create: device 'cpu' is not available here;.*'unsafe-eval'/,
);

test('where no functions are made of text cpu is refused when it is created, and auto takes webasm', () =>
  expect(printed('--disallow-code-generation-from-strings')).toEqual(['webasm', cpuRefused]));

test('where no WebAssembly is compiled auto takes cpu', () => expect(printed('--jitless')).toEqual(['cpu', 'cpu']));

test('where there is neither, create says so', () =>
  expect(printed('--disallow-code-generation-from-strings', '--jitless')).toEqual([
    expect.stringMatching(
      /^CONGRUENT_DEVICE: create: no device is available here; available: none\..*Use @congruent\/scalar/,
    ),
    cpuRefused,
  ]));

import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const dist = new URL('../dist/index.js', import.meta.url).href;

const PROGRAM = `
  import { GRU } from '${dist}';
  const { device } = await GRU.create({ inputSize: 1, hiddenSize: 1 });
  console.log(device);
`;

test('choosing a device prints nothing, also where there is no Vulkan', () => {
  const env = { ...process.env, LD_LIBRARY_PATH: '' };
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    env,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(['webgpu', 'webasm', 'cpu']).toContain(stdout.trim());
});

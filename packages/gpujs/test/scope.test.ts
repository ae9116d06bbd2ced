import { describe, expect, test } from 'vitest';
import { Buffer } from '../src/buffer.ts';
import type { Device, Plane } from '../src/device.ts';
import { Scope } from '../src/scope.ts';

/** Two tasks, of which the first fails at once and the second takes its time. */
function tasks() {
  let pending = 2;
  const run = async (index: number): Promise<void> => {
    if (index === 1) await new Promise((resolve) => setTimeout(resolve, 20));
    pending--;
    if (index === 0) throw new Error('the first one failed');
  };
  return { run, pending: () => pending };
}

describe('what fails is known once nothing beside it is under way, so that no plane is released that is in use', () => {
  const plane: Plane = { width: 1, rows: 1 };

  test('read-backs', async () => {
    const { run, pending } = tasks();
    let reads = 0;
    const device = {
      async download() {
        await run(reads++);
        return new Float32Array(1);
      },
    };
    const scope = new Scope(device as unknown as Device);
    await expect(scope.downloadAll({ first: plane, second: { ...plane } })).rejects.toThrow('the first one failed');
    expect(pending()).toBe(0);
  });

  test('parts that are joined', async () => {
    const { run, pending } = tasks();
    const scope = new Scope({ upload: async () => plane } as unknown as Device);
    const parts = [0, 1].map((index) =>
      Buffer.found(scope, 1, async () => {
        await run(index);
        return new Float32Array(1);
      }),
    );
    await expect(Buffer.joined(scope, parts, undefined).plane()).rejects.toThrow('the first one failed');
    expect(pending()).toBe(0);
  });
});

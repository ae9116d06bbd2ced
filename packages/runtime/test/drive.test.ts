import { expect, test } from 'vitest';
import type { Mode, Reply } from '../src/backend/engine.ts';
import { type Steps, wait, waitAll } from '../src/drive.ts';
import { asyncDriver } from '../src/layers/async-driver.ts';
import { syncDriver } from '../src/layers/driver.ts';

function* sum<M extends Mode>(replies: readonly Reply<M, number>[]): Steps<number> {
  let total = 0;
  for (const reply of replies) total += yield* wait<M, number>(reply);
  return total;
}

test('syncDriver: the value is given at once', () => {
  expect(syncDriver.drive(sum<'sync'>([1, 2, 3]))).toBe(6);
});

test('syncDriver: an error is thrown', () => {
  const steps = function* (): Steps<number> {
    yield* wait<'sync', number>(1);
    throw new Error('bad');
  };
  expect(() => syncDriver.drive(steps())).toThrow('bad');
});

test('asyncDriver: a promise of the value, also where nothing has to be waited for', async () => {
  const reply = asyncDriver.drive(sum<'async'>([Promise.resolve(1), Promise.resolve(2)]));
  expect(reply).toBeInstanceOf(Promise);
  expect(await reply).toBe(3);
  expect(await asyncDriver.drive(sum<'async'>([]))).toBe(0);
});

test('asyncDriver: an error before the first wait rejects and is not thrown', async () => {
  // biome-ignore lint/correctness/useYield: it fails before it can
  const steps = function* (): Steps<number> {
    throw new Error('bad input');
  };
  await expect(asyncDriver.drive(steps())).rejects.toThrow('bad input');
});

test('asyncDriver: a rejection is thrown inside the computation, where it can be caught and cleaned up', async () => {
  const cleaned: string[] = [];
  const steps = function* (): Steps<string> {
    try {
      yield* wait<'async', number>(Promise.reject(new Error('lost')));
      return 'unreachable';
    } catch (error) {
      return (error as Error).message;
    } finally {
      cleaned.push('end');
    }
  };
  expect(await asyncDriver.drive(steps())).toBe('lost');
  expect(cleaned).toEqual(['end']);
});

test('asyncDriver: the computation begins before drive returns', () => {
  const seen: string[] = [];
  const steps = function* (): Steps<void> {
    seen.push('begun');
    yield* wait<'async', void>(Promise.resolve());
  };
  asyncDriver.drive(steps());
  expect(seen).toEqual(['begun']);
});

test('waitAll: all values in order, in both modes', async () => {
  expect(syncDriver.drive(waitAll<'sync', number>([1, 2]))).toEqual([1, 2]);
  expect(await asyncDriver.drive(waitAll<'async', number>([Promise.resolve(1), Promise.resolve(2)]))).toEqual([1, 2]);
});

test('waitAll: the first error, and only after the others have ended', async () => {
  const ended: string[] = [];
  const slow = (async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    ended.push('slow');
    return 1;
  })();
  const replies = [Promise.reject(new Error('first')), slow, Promise.reject(new Error('second'))];
  await expect(asyncDriver.drive(waitAll<'async', number>(replies))).rejects.toThrow('first');
  expect(ended).toEqual(['slow']);
});

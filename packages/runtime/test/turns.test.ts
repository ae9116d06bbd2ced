import { expect, test } from 'vitest';
import { asyncDriver } from '../src/layers/async-driver.ts';
import { syncDriver } from '../src/layers/driver.ts';

test('syncDriver: nothing is ever waited for', () => {
  const turns = syncDriver.turns();
  turns.take();
  expect(turns.take().before).toBeUndefined();
});

test('asyncDriver: an operation waits for all that were asked for before it, whichever ends first', async () => {
  const turns = asyncDriver.turns();
  const log: string[] = [];
  const first = turns.take();
  const second = turns.take();
  expect(first.before).toBeUndefined();
  turns.run(() => log.push('third'));
  const waiting = second.before?.then(() => {
    log.push('second');
    second.end();
  });
  log.push('first');
  first.end();
  await waiting;
  await Promise.resolve();
  expect(log).toEqual(['first', 'second', 'third']);
});

test('asyncDriver: where nothing is under way, work is done at once', () => {
  const turns = asyncDriver.turns();
  turns.take().end();
  const log: string[] = [];
  turns.run(() => log.push('now'));
  expect(log).toEqual(['now']);
});

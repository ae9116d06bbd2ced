import { expect, test } from 'vitest';
import { Turns } from '../src/layers/turns.ts';

test('mode sync: nothing is ever waited for', () => {
  const turns = new Turns('sync');
  turns.take();
  expect(turns.take().before).toBeUndefined();
});

test('mode async: an operation waits for all that were asked for before it, whichever ends first', async () => {
  const turns = new Turns('async');
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

test('mode async: where nothing is under way, work is done at once', () => {
  const turns = new Turns('async');
  turns.take().end();
  const log: string[] = [];
  turns.run(() => log.push('now'));
  expect(log).toEqual(['now']);
});

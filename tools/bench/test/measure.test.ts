import { expect, test } from 'vitest';
import { measure } from '../src/measure.ts';

const patience = { total: 10, turn: 1, warmUp: 1, fewestTurns: 2, mostTurns: 5 };

test('each is timed by itself, and a run that does a share of the work counts for the rest of it too', async () => {
  const [whole, quarter] = [1, 1 / 4].map((share) => ({ share, run: async (times: number) => times * 2e6 }));
  const found = await measure([whole!, quarter!], patience);
  expect(found.get(whole!)).toMatchObject({ median: 2000, count: 5 });
  expect(found.get(quarter!)).toMatchObject({ median: 8000, count: 5 });
});

test('a run as long as all turns together is the first turn, a shorter one is warming up', async () => {
  const counted = (milliseconds: number) => {
    const runs: number[] = [];
    const run = async (times: number) => {
      runs.push(times);
      return times * milliseconds * 1e6;
    };
    return { runs, run };
  };
  const [long, short] = [counted(10), counted(9)];
  const found = await measure([long, short], patience);
  expect([long, short].map((timed) => found.get(timed)!.count)).toEqual([2, 2]);
  expect([long, short].map(({ runs }) => runs.length)).toEqual([2, 3]);
});

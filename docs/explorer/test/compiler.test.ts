import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Compiler } from '../src/compiler/compiler.ts';

/** A worker that answers when the test says so. */
class SlowWorker extends EventTarget {
  static asked: string[] = [];
  static current: SlowWorker;

  constructor() {
    super();
    SlowWorker.current = this;
  }

  postMessage(text: string): void {
    SlowWorker.asked.push(text);
  }

  answer(message: string): void {
    this.send({ mistake: { message, from: 0, to: 0 } });
  }

  send(data: object): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
}

beforeEach(() => {
  SlowWorker.asked = [];
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const message = async (outcome: ReturnType<Compiler['compile']>): Promise<string | undefined> => {
  const settled = await outcome;
  return settled && 'mistake' in settled ? settled.mistake.message : undefined;
};

test('of texts without a pause between them the last is compiled, once', async () => {
  const compiler = new Compiler(new SlowWorker() as object as Worker);
  const outcomes = ['a', 'ab', 'abc'].map((text) => message(compiler.compile(text, 40)));
  vi.advanceTimersByTime(39);
  expect(SlowWorker.asked).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(SlowWorker.asked).toEqual(['abc']);
  SlowWorker.current.answer('of abc');
  expect(await Promise.all(outcomes)).toEqual([undefined, undefined, 'of abc']);
});

test('what comes while the worker is busy waits for it, and the answer that is out of date is dropped', async () => {
  const compiler = new Compiler(new SlowWorker() as object as Worker);
  const first = message(compiler.compile('a', 0));
  vi.advanceTimersByTime(0);
  compiler.compile('b', 0);
  const last = message(compiler.compile('c', 0));
  vi.advanceTimersByTime(0);
  expect(SlowWorker.asked).toEqual(['a']);
  SlowWorker.current.answer('of a');
  expect(SlowWorker.asked).toEqual(['a', 'c']);
  SlowWorker.current.answer('of c');
  expect([await first, await last]).toEqual([undefined, 'of c']);
});

test('an answer that is out of date leaves the pause of the next text as it is', async () => {
  const compiler = new Compiler(new SlowWorker() as object as Worker);
  compiler.compile('a', 0);
  vi.advanceTimersByTime(0);
  const last = message(compiler.compile('b', 40));
  SlowWorker.current.answer('of a');
  expect(SlowWorker.asked).toEqual(['a']);
  vi.advanceTimersByTime(40);
  SlowWorker.current.answer('of b');
  expect([SlowWorker.asked, await last]).toEqual([['a', 'b'], 'of b']);
});

test('the catalogue is what the worker sends first', async () => {
  const compiler = new Compiler(new SlowWorker() as object as Worker);
  const groups = [{ title: 'All', cells: [{ name: 'a', source: 'a(x) -> y' }] }];
  SlowWorker.current.send({ groups });
  const catalogue = await compiler.catalogue;
  expect(catalogue.groups).toEqual(groups);
  expect([catalogue.sourceOf('a'), catalogue.nameOf('a(x) -> y\n')]).toEqual(['a(x) -> y', 'a']);
});

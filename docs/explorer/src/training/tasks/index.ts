import { adding } from './adding.ts';
import { copying } from './copying.ts';
import { digits } from './digits.ts';
import { sine } from './sine.ts';
import type { Task } from './task.ts';
import { text } from './text.ts';

/** By the names of their kinds: how they are made ready, for sequences of so many steps. */
const TASKS: Readonly<Record<string, (steps: number) => Task | Promise<Task>>> = {
  adding,
  copy: copying,
  sine,
  text,
  digits,
};

/** @param name  of a kind */
export const openTask = async (name: string, steps: number): Promise<Task> => await TASKS[name]!(steps);

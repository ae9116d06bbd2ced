import { adding } from './adding.ts';
import { copying } from './copying.ts';
import { digits } from './digits.ts';
import { sine } from './sine.ts';
import type { TaskKind } from './task.ts';
import { text } from './text.ts';

export const tasks: readonly TaskKind[] = [adding, copying, sine, text, digits];

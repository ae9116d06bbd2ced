// Faults, planted: a reader that throws an error of JavaScript for one pattern of bytes, one that never ends, one that
// takes ever more memory, and one that keeps its promise.
import { CongruentError } from '@congruent/runtime';
import * as fc from 'fast-check';
import { outcomeOf } from '../src/engine/outcome.ts';
import { ACCEPTED, type Surface, surface } from '../src/engine/surface.ts';

function readsTwoBytes(bytes: readonly number[]): number {
  const at = bytes.indexOf(7);
  if (at >= 0 && bytes.length > 3) throw new RangeError('Offset is outside the bounds of the DataView');
  if (at >= 0) throw new CongruentError('MODEL_FORMAT', 'readsTwoBytes: a 7. Give other bytes.');
  return bytes.length;
}

const bytes = fc.array(fc.nat(255), { maxLength: 40 });

const tried = (name: string, read: (bytes: readonly number[]) => unknown): Surface =>
  surface(name, bytes, (input, say) => say(outcomeOf(() => read(input)).refused ?? ACCEPTED), { frozen: true });

const kept: number[][] = [];

export const surfaces: readonly Surface[] = [
  tried('good', (input) => input.length),
  tried('foreign', readsTwoBytes),
  tried('undocumented', () => {
    throw Object.assign(new CongruentError('MODEL_FORMAT', 'a file'), { code: 'MODEL_SECRET' });
  }),
  tried('endless', (input) => {
    while (input.length > 5) if (input.length === 0) break;
  }),
  tried('greedy', (input) => {
    while (input.length > 5) kept.push(Array.from({ length: 1e5 }, () => 0.5));
  }),
];

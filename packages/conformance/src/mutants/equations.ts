import {
  binary,
  compile,
  constant,
  type Definition,
  definitionsIn,
  isContraction,
  type MapExpression,
} from '@congruent/codegen';
import { type Cell, defineCell } from '@congruent/spec';
import type { Kind } from '../kinds/kind.ts';
import { kinds } from '../kinds/kinds.ts';
import { moduleOf } from '../reference/backend.ts';
import { definitionMutant } from './gradient-mutation.ts';
import { type Mutant, wrong } from './mutation.ts';

// Mutants of any cell, from its equations and layouts alone. The GRU has more, chosen by hand.

/** Each of these in an equation, wherever it stands, becomes the other. */
const SWAPS: readonly (readonly [from: string, to: string])[] = [
  ['sigmoid(', 'tanh('],
  ['tanh(', 'sigmoid('],
  [' + ', ' - '],
  [' * ', ' + '],
];

/** The text with one place changed, for every place; the first line and the layouts stay. */
function equationChanges({ source }: Cell): { readonly what: string; readonly text: string }[] {
  const [start, end] = [source.indexOf('\n'), source.indexOf('layout')];
  return SWAPS.flatMap(([from, to]) =>
    places(source, from)
      .filter((at) => at > start && at < end)
      .map((at, index) => ({
        what: `${from.trim()} number ${index + 1} is ${to.trim()}`,
        text: source.slice(0, at) + to + source.slice(at + from.length),
      })),
  );
}

const places = (text: string, part: string): number[] => {
  const found: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) found.push(at);
  return found;
};

/** The text with two neighbours of a layout exchanged, for every two. */
function layoutChanges({ source, layouts }: Cell): { readonly what: string; readonly text: string }[] {
  return layouts[0]!.tensors.flatMap(({ name, blocks }) =>
    blocks.slice(1).map((block, index) => {
      const [first, second] = [blocks[index]!.name, block.name];
      const text = source.replace(`${first}; ${second}`, `${second}; ${first}`);
      if (text === source) throw new Error(`mutant: the layout does not contain ${first}; ${second}`);
      return { what: `${first} and ${second} exchanged in ${name}`, text };
    }),
  );
}

/** A backend that is right but for the cell of a kind. */
const equationMutants = (kind: Kind): Mutant[] =>
  [...equationChanges(kind.cell), ...layoutChanges(kind.cell)].map(({ what, text }) => ({
    name: `${kind.cell.name}: ${what}`,
    kind,
    module: () => moduleOf((cell) => wrong({ cell: cell === kind.cell ? defineCell(text) : cell })),
  }));

/** Every value of the backward pass that is no product, twice what it should be. */
function doubledAdjoints(kind: Kind): Mutant[] {
  const stages = compile(kind.cell).backward.phases.flatMap((phase) => phase.stages);
  return definitionsIn(stages)
    .filter(({ value }) => !isContraction(value))
    .map(({ name }) => ({
      ...definitionMutant(`${kind.cell.name}: ${name} doubled in the backward pass`, (each) =>
        each.name === name ? doubled(each) : each,
      ),
      kind,
    }));
}

const doubled = ({ name, value }: Definition): Definition => ({
  name,
  value: binary<MapExpression>('*', constant(2), value as MapExpression),
});

/** Of every cell but the GRU. */
export const derivedMutants: readonly Mutant[] = kinds
  .slice(1)
  .flatMap((kind) => [...equationMutants(kind), ...doubledAdjoints(kind)]);

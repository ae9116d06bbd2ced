import { type Block, type Buffer, indented } from '@congruent/codegen';
import { lengthOf } from './stages.ts';

/** Where a function finds buffers: members of a struct, or one after the other from a pointer on. */
export type Place = { readonly buffers: readonly Buffer[]; readonly isConst: boolean } & (
  | {
      /** What stands before a member's name: `state->`. */
      readonly members: string;
      /** The members, where they are not called as the buffers are. */
      readonly fields?: readonly Buffer[];
    }
  | { readonly from: string }
);

/** The words of code without its comments: as every name in a plan is its own, they tell what the code uses. */
export const wordsIn = (code: Block): ReadonlySet<string> =>
  new Set(indented(code).flatMap((line) => line.replace(/\/\/.*/, '').match(/[A-Za-z_]\w*/g) ?? []));

/** A function whose code finds the buffers that it uses by their names. */
export function functionOf(head: string, places: readonly Place[], code: Block): Block {
  const words = wordsIn(code);
  const bindings = places.flatMap((place) => bind(place, words));
  const used = wordsIn([...bindings, code]);
  const parameters = /\((.*)\)$/
    .exec(head)![1]!
    .split(', ')
    .map((parameter) => /\w+$/.exec(parameter)![0]);
  const unused = parameters.filter((parameter) => !used.has(parameter)).map((parameter) => `(void)${parameter};`);
  return [`static inline ${head} {`, [...bindings, ...unused, ...code], '}'];
}

function bind(place: Place, words: ReadonlySet<string>): readonly string[] {
  let before = 0;
  return place.buffers.flatMap(({ name, width }, index) => {
    const offset = before;
    before += lengthOf(width);
    if (!words.has(name)) return [];
    const value =
      'members' in place
        ? `${place.members}${(place.fields ?? place.buffers)[index]!.name}`
        : `${place.from}${offset === 0 ? '' : ` + ${offset}`}`;
    return [`${place.isConst ? 'const float' : 'float'} *const ${name} = ${value};`];
  });
}

/** How many elements buffers have together. */
export const totalOf = (buffers: readonly Buffer[]): number =>
  buffers.reduce((sum, { width }) => sum + lengthOf(width), 0);

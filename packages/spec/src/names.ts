import { blocksOf, type CellSyntax } from './syntax.ts';

/** Every name of a value in a cell. */
export const namesOf = ({ operands, equations, layouts }: CellSyntax): Set<string> =>
  new Set([...operands, ...equations, ...blocksOf(layouts)].map(({ name }) => name));

/** The wished name or, where it is taken, the name with the first free number; taken from now on. */
export function freshName(wish: string, taken: Set<string>, separator = ''): string {
  let name = wish;
  for (let number = 2; taken.has(name); number++) name = `${wish}${separator}${number}`;
  taken.add(name);
  return name;
}

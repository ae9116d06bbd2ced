import { type Expression, type MapExpression, namesIn, type Reference, type Value } from './expression.ts';

/** `name = value`, evaluated once, in order. */
export interface Definition<V = Value> {
  readonly name: string;
  readonly value: V;
  /** What the specification says about it. */
  readonly comment?: string | undefined;
  /** The instance of a called cell that it is an equation of. */
  readonly instance?: string | undefined;
}

/** What a loop over time hands from one step to the next: `given` is read at a step, `next` is what the next one reads. */
export interface Carry {
  readonly given: Reference;
  readonly next: Reference;
}

/** A cell as definitions in the order of its equations. */
export interface CellIr<V = Expression> {
  readonly name: string;
  readonly inputs: readonly Reference[];
  readonly carries: readonly Carry[];
  readonly parameters: readonly Reference[];
  readonly definitions: readonly Definition<V>[];
  /** What each step gives, by name. */
  readonly outputs: readonly Reference[];
}

/** A cell whose products are definitions of their own. */
export type FlatCell = CellIr<Value>;

/** A function of one number for one element type; its result is the last definition. */
export interface FunctionIr {
  readonly name: string;
  readonly operand: string;
  readonly definitions: readonly Definition<MapExpression>[];
  /** Largest error in units in the last place. */
  readonly ulp: number;
}

/** What a definition's name stands for. */
export const referenceTo = ({ name, value }: Definition<Value | Expression>): Reference => ({
  kind: 'reference',
  name,
  shape: value.shape,
});

/** What a cell is given: everything that it reads and does not define. */
export const givenTo = ({ inputs, carries, parameters }: CellIr<unknown>): readonly Reference[] => [
  ...inputs,
  ...carries.map(({ given }) => given),
  ...parameters,
];

/** Every name a cell has. */
export const namesOf = (cell: CellIr<unknown>): readonly string[] =>
  [...givenTo(cell), ...cell.definitions].map(({ name }) => name);

/** Every name that definitions read. */
export function readBy(definitions: readonly Definition<Value | Expression>[]): ReadonlySet<string> {
  const read = new Set<string>();
  for (const { value } of definitions) for (const name of namesIn(value)) read.add(name);
  return read;
}

/** Tells of a name whether lists of definitions read it, other than the one at that place. */
export function readElsewhere(
  lists: readonly (readonly Definition<Value | Expression>[])[],
): (name: string, at: number) => boolean {
  const readIn = lists.map(readBy);
  const readers = new Map<string, number>();
  for (const names of readIn) for (const name of names) readers.set(name, (readers.get(name) ?? 0) + 1);
  return (name, at) => (readers.get(name) ?? 0) > (readIn[at]!.has(name) ? 1 : 0);
}

/** The definitions that others, or what comes later, read. */
export function alive<V extends Value | Expression>(
  definitions: readonly Definition<V>[],
  readLater: Iterable<string>,
): readonly Definition<V>[] {
  const read = new Set(readLater);
  const backwards = [...definitions].reverse().filter(({ name, value }) => {
    if (read.has(name)) for (const operand of namesIn(value)) read.add(operand);
    return read.has(name);
  });
  return backwards.reverse();
}

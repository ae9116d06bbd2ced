import { type Definition, type Expression, namesIn, type Reference, reference } from './ir.ts';
import type { Names } from './names.ts';
import { printExpression } from './print.ts';

/** Definitions of which no two have the same value. */
export class Scope {
  readonly definitions: Definition[] = [];
  private readonly names: Names;
  private readonly known = new Map<string, Reference>();

  constructor(names: Names) {
    this.names = names;
  }

  /** The name of the value: its own, that of an equal one, or else a fresh one. */
  add(wish: string, value: Expression): Reference {
    return value.kind === 'reference' ? value : this.share(wish, value);
  }

  /** The name of an equal value, or else a fresh one. */
  share(wish: string, value: Expression): Reference {
    return this.known.get(keyOf(value)) ?? this.define(wish, value);
  }

  /** A fresh name for the value, also where an equal one has a name. */
  define(wish: string, value: Expression): Reference {
    const defined = reference(this.names.fresh(wish), value.shape);
    this.definitions.push({ name: defined.name, value });
    this.known.set(keyOf(value), defined);
    return defined;
  }
}

/** What two equal values share: a constant says nothing of its shape. */
const keyOf = (value: Expression): string => `${printExpression(value)} [${value.shape}]`;

/** The definitions that others, or what comes later, read. */
export function alive(definitions: readonly Definition[], readLater: readonly string[]): readonly Definition[] {
  const read = new Set(readLater);
  const backwards = [...definitions].reverse().filter(({ name, value }) => {
    if (read.has(name)) for (const operand of namesIn(value)) read.add(operand);
    return read.has(name);
  });
  return backwards.reverse();
}

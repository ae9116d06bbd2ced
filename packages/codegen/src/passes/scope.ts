import type { Definition } from '../ir/definition.ts';
import { type Reference, reference, type Value } from '../ir/expression.ts';
import type { Keys } from '../ir/keys.ts';
import type { Names } from '../ir/names.ts';

/** Definitions of which no two have the same value. */
export class Scope {
  readonly definitions: Definition[] = [];
  private readonly names: Names;
  private readonly keys: Keys;
  private readonly known = new Map<number, Reference>();

  constructor(names: Names, keys: Keys) {
    this.names = names;
    this.keys = keys;
  }

  /** The name of the value: its own, that of an equal one, or else a fresh one. */
  add(wish: string, value: Value): Reference {
    return value.kind === 'reference' ? value : this.share(wish, value);
  }

  /** The name of an equal value, or else a fresh one. */
  share(wish: string, value: Value): Reference {
    return this.known.get(this.keys.of(value)) ?? this.define(wish, value);
  }

  /** A fresh name for the value, also where an equal one has a name. */
  define(wish: string, value: Value): Reference {
    const defined = reference(this.names.fresh(wish), value.shape);
    this.definitions.push({ name: defined.name, value });
    this.known.set(this.keys.of(value), defined);
    return defined;
  }
}

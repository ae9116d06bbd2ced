import {
  type Definition,
  type FunctionIr,
  findExtrema,
  fold,
  fuseProducts,
  type MapExpression,
  type TargetExpression,
} from '@congruent/codegen';
import type { Lanes } from './lanes.ts';
import { get, set, type Wat } from './wat.ts';

/** Where an expression stands: the local of each name, in the vector of this index. */
interface Scope {
  readonly local: (name: string) => string;
  readonly index: number;
}

/** The name of a value in the vector of this index. */
export const nth = (name: string, index: number): string => (index === 0 ? name : `${name}.${index + 1}`);

/** Definitions as vector code, calls replaced by the functions' operations. */
export class Inliner {
  private readonly lanes: Lanes;
  private readonly functions: ReadonlyMap<string, FunctionIr>;
  private readonly named: { readonly value: number; readonly name: string }[] = [];
  private readonly locals: (name: string, index: number) => string;
  private calls = 0;

  /** @param locals  the local of a name in the vector of an index */
  constructor(lanes: Lanes, functions: readonly FunctionIr[], locals: (name: string, index: number) => string) {
    this.lanes = lanes;
    this.functions = new Map(functions.map((called) => [called.name, called]));
    this.locals = locals;
  }

  /** Sets the local of a definition in the vector of this index. */
  define({ name, value }: Definition<MapExpression>, index: number): Wat[] {
    const before: Wat[] = [];
    const scope = { local: (of: string) => this.locals(of, index), index };
    const expression = this.lowered(value);
    const result =
      expression.kind === 'call'
        ? this.inlined(expression.function, this.value(expression.operand, scope, before), index, before)
        : this.value(expression, scope, before);
    return [...before, set(scope.local(name), result)];
  }

  /** Sets the locals of the constants, which stand before the loops: an engine would make them anew in each turn. */
  constants(): Wat[] {
    return this.named.map(({ value, name }) => set(name, this.lanes.constant(value)));
  }

  /** In the operations that vectors have. */
  private lowered(expression: MapExpression): TargetExpression {
    const selected = fold(expression, findExtrema);
    return this.lanes.fused ? fold(selected, fuseProducts) : selected;
  }

  /** The value of an expression; `before` gets what must be set before it. */
  private value(expression: TargetExpression, { local, index }: Scope, before: Wat[]): Wat {
    return fold<Wat>(expression, {
      ...this.lanes.operations((value) => get(this.constant(value))),
      reference: (name) => get(local(name)),
      call: (name, operand) => {
        // A local of its own: another call in the same expression must not overwrite it.
        const result = nth(`${name}.${++this.calls}`, index);
        const value = this.inlined(name, operand, index, before);
        before.push(set(result, value));
        return get(result);
      },
    });
  }

  /** The value of a call, in terms of locals that `before` sets and that the next call of the function sets anew. */
  private inlined(called: string, operand: Wat, index: number, before: Wat[]): Wat {
    const { name, operand: given, definitions } = this.functions.get(called)!;
    const scope = { local: (of: string) => nth(`${name}.${of}`, index), index };
    before.push(set(scope.local(given), operand));
    for (const { name: of, value } of definitions.slice(0, -1)) {
      before.push(set(scope.local(of), this.value(this.lowered(value), scope, before)));
    }
    return this.value(this.lowered(definitions.at(-1)!.value), scope, before);
  }

  private constant(value: number): string {
    const known = this.named.find((each) => Object.is(each.value, value));
    if (known) return known.name;
    const name = Object.is(value, -0) ? '-0' : `${value}`; // $0.5 is a name in the text format
    this.named.push({ value, name });
    return name;
  }
}

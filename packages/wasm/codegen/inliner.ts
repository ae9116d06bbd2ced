import type { Definition, Expression, FunctionIr } from '@congruent/codegen';
import type { Lanes } from './lanes.ts';
import { get, set, type Wat } from './wat.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** Where an expression stands. */
interface Scope {
  /** The local that holds the value of a name. */
  readonly local: (name: string) => string;
  /** Of the vector. */
  readonly index: number;
}

/** The name of a value in the vector of this index. */
export const nth = (name: string, index: number): string => (index === 0 ? name : `${name}.${index + 1}`);

/** Definitions as vector code, calls replaced by the functions' operations. */
export class Inliner {
  private readonly lanes: Lanes;
  private readonly functions: ReadonlyMap<string, FunctionIr>;
  private readonly named: { readonly value: number; readonly name: string }[] = [];
  private calls = 0;

  constructor(lanes: Lanes, functions: readonly FunctionIr[]) {
    this.lanes = lanes;
    this.functions = new Map(functions.map((called) => [called.name, called]));
  }

  /** Sets the local of a definition in the vector of this index. */
  define({ name, value }: Definition, index: number): Wat[] {
    const before: Wat[] = [];
    const scope = { local: (of: string) => nth(of, index), index };
    const result = value.kind === 'call' ? this.inlined(value, scope, before) : this.value(value, scope, before);
    return [...before, set(nth(name, index), result)];
  }

  /** Sets the locals of the constants, which stand before the loops: an engine would make them anew in each turn. */
  constants(): Wat[] {
    return this.named.map(({ value, name }) => set(name, this.lanes.constant(value)));
  }

  private value(expression: Expression, scope: Scope, before: Wat[]): Wat {
    const { lanes } = this;
    const value = (inner: Expression): Wat => this.value(inner, scope, before);
    switch (expression.kind) {
      case 'reference':
        return get(scope.local(expression.name));
      case 'constant':
        return get(this.constant(expression.value));
      case 'matvec':
      case 'vecmat':
      case 'outer':
      case 'total':
        throw new TypeError('a product is a stage of its own');
      case 'unary':
        return lanes.unary(expression.operator, value(expression.operand), (constant) => get(this.constant(constant)));
      case 'binary':
        return lanes.binary(expression.operator, value(expression.left), value(expression.right));
      case 'select': {
        const [left, right] = [value(expression.left), value(expression.right)];
        return lanes.select(
          expression.comparison,
          left,
          right,
          value(expression.whenTrue),
          value(expression.whenFalse),
        );
      }
      case 'call': {
        // A local of its own: another call in the same expression must not overwrite it.
        const result = nth(`${expression.function}.${++this.calls}`, scope.index);
        before.push(set(result, this.inlined(expression, scope, before)));
        return get(result);
      }
      default:
        return expression satisfies never;
    }
  }

  /** The value of a call, in terms of locals that `before` sets and that the next call of the function sets anew. */
  private inlined(call: Call, scope: Scope, before: Wat[]): Wat {
    const { name, operand, definitions } = this.functions.get(call.function)!;
    const inner = { local: (of: string) => nth(`${name}.${of}`, scope.index), index: scope.index };
    before.push(set(inner.local(operand), this.value(call.operand, scope, before)));
    for (const { name: of, value } of definitions.slice(0, -1)) {
      before.push(set(inner.local(of), this.value(value, inner, before)));
    }
    return this.value(definitions.at(-1)!.value, inner, before);
  }

  private constant(value: number): string {
    const known = this.named.find((each) => Object.is(each.value, value));
    if (known) return known.name;
    const name = Object.is(value, -0) ? '-0' : `${value}`; // $0.5 is a name in the text format
    this.named.push({ value, name });
    return name;
  }
}

import {
  type Contraction,
  contractionOperands,
  type Expression,
  isContraction,
  operandsOf,
  type Value,
} from './expression.ts';

/**
 * Numbers that equal values share: two values have the same key exactly where they are the same operations on the same
 * names. Each distinct part is written down once, so a key takes as long as the value is large, however deep it is.
 */
export class Keys {
  private readonly numbers = new Map<string, number>();
  private readonly known = new WeakMap<Value | Expression, number>();

  of(value: Value | Expression): number {
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const text = isContraction(value as Value)
      ? contractionText(value as Contraction, (operand) => this.of(operand))
      : this.text(value as Expression);
    const number = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, number);
    this.known.set(value, number);
    return number;
  }

  private text(expression: Expression): string {
    const operands = operandsOf(expression).map((operand) => this.of(operand));
    return `${expression.kind} ${ownPart(expression)} ${operands} [${expression.shape}]`;
  }
}

/** What an expression says beside its operands; −0 and 0 differ. */
function ownPart(expression: Expression): string {
  switch (expression.kind) {
    case 'reference':
      return expression.name;
    case 'constant':
      return Object.is(expression.value, -0) ? '-0' : `${expression.value}`;
    case 'unary':
    case 'binary':
      return expression.operator;
    case 'select':
      return expression.comparison;
    case 'call':
      return expression.function;
    case 'matvec':
      return '';
    default:
      return expression satisfies never;
  }
}

function contractionText(contraction: Contraction, key: (operand: Expression) => number): string {
  const operands = contractionOperands(contraction).map(key);
  return `${contraction.kind} ${operands} [${contraction.shape}]`;
}

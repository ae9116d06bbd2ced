import { type Expression, operandsOf, type Value } from './expression.ts';

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
    const operands = operandsOf(value).map((operand) => this.of(operand));
    const text = `${value.kind} ${ownPart(value)} ${operands} [${value.shape}]`;
    const number = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, number);
    this.known.set(value, number);
    return number;
  }
}

/** What a value says beside its operands; −0 and 0 differ. */
function ownPart(value: Value | Expression): string {
  switch (value.kind) {
    case 'reference':
      return value.name;
    case 'constant':
      return Object.is(value.value, -0) ? '-0' : `${value.value}`;
    case 'unary':
    case 'binary':
      return value.operator;
    case 'select':
      return value.comparison;
    case 'call':
      return value.function;
    case 'reduction':
      return value.which;
    case 'slice':
      return `${value.before}`;
    default:
      return '';
  }
}

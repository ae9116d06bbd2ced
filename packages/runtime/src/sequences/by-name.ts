import type { Operand } from '../backend/signature.ts';
import { dictEntries } from '../dict.ts';
import { CongruentError, describe } from '../errors.ts';
import { anything, resolve } from '../options/option-rules.ts';
import type { Form } from './form.ts';
import type { RowLayout } from './sequence.ts';

/** Several values by name. */
export const byName: Form = {
  key: 'outputs',
  list(where, given, operands) {
    const names = namesOf(operands);
    const entries = new Map(dictEntries(given));
    const keys = [...entries.keys()];
    if (keys.length !== names.length || !names.every((name) => keys.includes(name))) {
      throw new CongruentError(
        'CONGRUENT_SHAPE',
        `${where} must be an object { ${names.join(', ')} } with one value for each, ` +
          `got ${keys.length > 0 ? `{ ${keys.join(', ')} }` : describe(given)}.`,
      );
    }
    return names.map((name) => [`${where}.${name}`, entries.get(name)]);
  },
  at: (given, operands, index) => ((given ?? {}) as Record<string, unknown>)[operands[index]!.name],
  unlist: (values, operands) => Object.fromEntries(operands.map(({ name }, i) => [name, values[i]!])),
  cotangents(where, given, operands) {
    const names = namesOf(operands);
    const values = resolve(where, anything(names), given ?? {});
    return names.map((name) => [`${where}.${name}`, values[name]]);
  },
  checkSame(where, rows, operands) {
    const [first] = rows;
    const layout = layoutOf(first!);
    const odd = rows.findIndex((each) => layoutOf(each) !== layout);
    if (odd < 0) return;
    throw new CongruentError(
      first!.kind === 'packed' ? 'CONGRUENT_PACKED' : 'CONGRUENT_SHAPE',
      `${where}: ${operands[odd]!.name} must have the steps and sequences of ${operands[0]!.name}, ` +
        `${layout}, got ${layoutOf(rows[odd]!)}.`,
    );
  },
};

const namesOf = (operands: readonly Operand[]): string[] => operands.map(({ name }) => name);

/** What inputs of one sequence have in common, as a text. */
const layoutOf = ({ kind, batchSizes, batch, order }: RowLayout): string =>
  kind === 'packed'
    ? `packed, rows of each step ${batchSizes}, in the order ${order}`
    : `${kind}, ${batchSizes.length} steps of ${batch} rows`;

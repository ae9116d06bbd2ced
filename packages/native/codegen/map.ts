import { type DType, type MapPlan, printDefinition, sizeOf } from '@congruent/codegen';
import { statement } from './expression.ts';
import { inC } from './extent.ts';
import type { Functions } from './functions.ts';
import { functionOf, pointerTo } from './memory.ts';

/**
 * One fused loop over elements, a vector at a time, for each row in hand: a function has the loads, the definitions and the
 * stores of one vector, or of as much as the row has left.
 */
export function mapLoop(map: MapPlan, dtype: DType, functions: Functions, isForRows: boolean): readonly string[] {
  const name = functions.add('map', (wished) => functionOf(headOf(map, wished), bodyOf(map, dtype)));
  const row = isForRows ? 'row' : undefined;
  const list = (type: string, of: string, pointers: readonly string[]): string[] =>
    pointers.length === 0 ? [] : [`${type} *const ${of}[] = {`, ...pointers.map((line) => `  ${line},`), '};'];
  const operands = `${map.loads.length > 0 ? 'from, ' : ''}to, j`;
  const loop = [
    ...list(
      'const element',
      'from',
      map.loads.map(({ from }) => pointerTo(from, row)),
    ),
    ...list(
      'element',
      'to',
      map.stores.map(({ to }) => pointerTo(to, row)),
    ),
    'int64_t j = 0;',
    `for (; j + LANES <= length; j += LANES) ${name}(${operands}, LANES);`,
    `if (j < length) ${name}(${operands}, length - j);`,
  ].map((line) => `  ${line}`);
  const head = isForRows ? 'for (int64_t row = 0; row < at.count; row++) {' : '{';
  return [
    '{',
    ...[`const int64_t length = ${inC(sizeOf(map.shape))};`, head, ...loop, '}'].map((line) => `  ${line}`),
    '}',
  ];
}

function headOf({ loads }: MapPlan, name: string): string {
  const parameters = [...(loads.length > 0 ? ['const element *const *from'] : []), 'element *const *to'];
  return `INLINE void ${name}(${parameters.join(', ')}, int64_t j, int64_t left)`;
}

/** The equations stand where they are computed. */
function bodyOf({ shape, loads, definitions, stores }: MapPlan, dtype: DType): readonly string[] {
  return [
    ...loads.map(({ name, from }, at) => {
      const isNumber = shape.length > 0 && from.shape.length === 0;
      return `const vector ${name} = ${isNumber ? `splat(*from[${at}])` : `load_first(from[${at}] + j, left)`};`;
    }),
    ...definitions.flatMap((definition) => [
      `/* ${printDefinition(definition).replace(/\s+/g, ' ')} */`,
      statement(definition, dtype),
    ]),
    ...stores.map(({ name }, at) => `store_first(to[${at}] + j, ${name}, left);`),
  ];
}

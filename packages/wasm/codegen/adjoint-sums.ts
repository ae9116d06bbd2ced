import { SUM_BLOCK, type SumStage } from '@congruent/codegen';
import type { AdjointPlan } from './adjoint-plan.ts';
import type { SumLayout, SumProduct } from './adjoint-sum-layout.ts';
import { elementwise } from './elementwise.ts';
import { inI32, product, total } from './extent.ts';
import { addressOf, type Place } from './layout.ts';
import { vectorsIn } from './panels.ts';
import { copy } from './prepare.ts';
import { add, advance, below, call, get, i32, min, mul, repeat, set, sub, type Wat } from './wat.ts';

/** The gradients of the parameters: sums over the rows of all steps, and what follows from the sums alone. */
export function sumStatements({
  program,
  lanes,
  functions,
  layout: { places: rows, sums: layout },
}: AdjointPlan): Wat[] {
  const { sums, finish } = program.adjoint;
  const { bytes } = lanes;
  const summed = sums.flatMap((stage) => {
    const parts = layout.products.get(stage);
    return [comment(stage), ...(parts ? ofOuters(stage, parts, layout, rows, bytes) : ofVectors(stage, layout, rows))];
  });
  const finished = finish.flatMap((definition) => {
    const { name, value } = definition;
    const stage = {
      kind: 'elementwise',
      shape: value.shape,
      definitions: [definition],
      stores: [name],
      keeps: [],
    } as const;
    return elementwise(stage, { lanes, functions, places: new Map([...rows, ...layout.places]), copies: new Map() });
  });
  const shared = layout.shared.map(({ name, to, bytes }) =>
    copy(addressOf(to), addressOf(layout.places.get(name)!), inI32(bytes)),
  );
  return [...summed, ...finished, ...shared];
}

function comment({ operand, blocks }: SumStage): Wat {
  const list = (names: readonly string[]): string => `[${names.join('; ')}]`;
  const adjoints = list(blocks.map(({ adjoint }) => adjoint.name));
  return `;; ${list(blocks.map(({ name }) => name))} = ${operand ? `outer(${adjoints}, ${operand.name})` : adjoints}, summed`;
}

function ofVectors({ blocks }: SumStage, { places }: SumLayout, rows: ReadonlyMap<string, Place>): Wat[] {
  return blocks.map(({ name, adjoint }) => {
    const from = rows.get(adjoint.name)!;
    return call(
      'sum_rows',
      addressOf(from),
      get('rows'),
      inI32(from.stride),
      get(adjoint.shape[0]!),
      addressOf(places.get(name)!),
    );
  });
}

/**
 * A product for each block of rows: that of the adjoints, transposed, with the operand, packed. The lanes that fill up a
 * panel hold anything, as only the others are copied from the result.
 */
function ofOuters(
  { operand, blocks }: SumStage,
  { packed, transposed, result, rowBytes, rows: resultRows }: SumProduct,
  { places }: SumLayout,
  rows: ReadonlyMap<string, Place>,
  bytes: number,
): Wat[] {
  const { name, shape } = operand!;
  const [columns] = shape as readonly [string];
  const vectors = vectorsIn(inI32(rowBytes));
  const heightAbove = (index: number) => total(blocks.slice(0, index).flatMap(({ adjoint }) => adjoint.shape));
  const fromRow = (place: Place): Wat => add(addressOf(place), mul(get('row'), inI32(place.stride)));
  const from = rows.get(name)!;
  const rowsOfBlock: Wat[] = [
    set('count', min(sub(get('rows'), get('row')), i32(SUM_BLOCK))),
    call(
      'pack_rows',
      fromRow(from),
      get('count'),
      get(columns),
      inI32(from.stride),
      get(packed),
      i32(0),
      get('count'),
      vectors,
    ),
    ...blocks.map(({ adjoint }, index) => {
      const place = rows.get(adjoint.name)!;
      const to = add(get(transposed), inI32(product(SUM_BLOCK * bytes, heightAbove(index))));
      return call('transpose', fromRow(place), get('count'), inI32(place.stride), get(adjoint.shape[0]!), to);
    }),
    call(
      'product',
      get(packed),
      vectors,
      get('count'),
      get(transposed),
      i32(SUM_BLOCK * bytes),
      inI32(resultRows),
      get(result),
      i32(0),
      ['i32.ne', get('row'), i32(0)],
    ),
    advance('row', get('count')),
  ];
  const copies = blocks.map(({ name: sum, adjoint }, index) =>
    call(
      'copy_rows',
      add(get(result), inI32(product(heightAbove(index), rowBytes))),
      get(adjoint.shape[0]!),
      inI32(rowBytes),
      inI32(product(bytes, columns)),
      addressOf(places.get(sum)!),
    ),
  );
  return [set('row', i32(0)), repeat(`rows_of_${result}`, rowsOfBlock, below(get('row'), get('rows'))), ...copies];
}

import type { ElementwiseStage } from '@congruent/codegen';
import type { AdjointPlan } from './adjoint-plan.ts';
import { elementwise } from './elementwise.ts';
import { inI32, product, total } from './extent.ts';
import { addressOf, arrayOf, parameterPlaces, sizeOf } from './layout.ts';
import { withPointers } from './memory.ts';
import { vectorsIn } from './panels.ts';
import { copy } from './prepare.ts';
import { call, define, get, i32, type Wat } from './wat.ts';

/** Once for a set of parameters. */
export function prepareAdjointFunction({ program, lanes, layout, functions, tensors }: AdjointPlan): Wat[] {
  const { dimensions, weights, places, products } = layout;
  const { cell } = program;
  const { bytes } = lanes;
  const sources = new Map([...places, ...parameterPlaces(cell, bytes)]);
  const copies = cell.parameters
    .filter(({ name }) => weights.some((piece) => piece.name === arrayOf(name)))
    .map(({ name, shape }) => copy(get(arrayOf(name)), addressOf(sources.get(name)!), inI32(product(bytes, ...shape))));
  const stages = program.adjoint.prepare.flatMap((stage) =>
    elementwise(stage as ElementwiseStage, { lanes, functions, places: sources, copies: new Map() }),
  );
  const packs = [...products.values()].flatMap(({ stage, matrix, rowBytes, columns }) =>
    stage.matrices.map(({ name, shape: [rows, width] }, index) =>
      call(
        'pack_rows',
        addressOf(sources.get(name)!),
        get(rows!),
        get(width!),
        inI32(product(bytes, width!)),
        get(matrix),
        inI32(total(stage.matrices.slice(0, index).map(({ shape }) => shape[0]!))),
        inI32(columns),
        vectorsIn(inI32(rowBytes)),
      ),
    ),
  );
  return define(
    {
      name: 'prepare_adjoint',
      comment:
        'Once for a set of parameters: packs the matrices, transposed, and copies what else is read of them.\n' +
        'The lanes that fill up a panel are zeros.',
      parameters: [...dimensions, 'weights', ...tensors],
      exported: true,
    },
    [
      ['memory.fill', get('weights'), i32(0), inI32(sizeOf(weights))],
      ...withPointers(weights, 'weights', [...copies, ...stages, ...packs]),
    ],
  );
}

import type { ElementwiseStage } from '@congruent/codegen';
import { elementwise } from './elementwise.ts';
import { type Extent, inI32, product, sum, total } from './extent.ts';
import { addressOf, arrayOf, parameterPlaces, sizeOf, tensorPointers } from './layout.ts';
import { withPointers } from './memory.ts';
import { vectorsIn } from './panels.ts';
import type { Plan } from './plan.ts';
import { call, define, get, i32, type Wat } from './wat.ts';

/** Once for a set of parameters. */
export function prepareFunction(plan: Plan): Wat[] {
  const { dimensions, weights, products, places } = plan.layout;
  const { cell } = plan.program;
  const { bytes } = plan.lanes;
  const sources = new Map([...places, ...parameterPlaces(cell, bytes)]);
  const sourceOf = (name: string): Wat => addressOf(sources.get(name)!);
  // A parameter that stages read is copied; what its own place holds is read by nobody here.
  const copies = cell.parameters
    .filter(({ name }) => weights.some((piece) => piece.name === arrayOf(name)))
    .map(({ name, shape }) => copy(get(arrayOf(name)), sourceOf(name), inI32(product(bytes, ...shape))));
  const stages = plan.program.schedule.prepare.flatMap((stage) =>
    elementwise(stage as ElementwiseStage, {
      lanes: plan.lanes,
      functions: plan.functions,
      places: sources,
      copies: new Map(),
    }),
  );
  const packs = [...products.values()].flatMap(({ stage, matrix, bias, rowBytes, columns }) => {
    const first = (index: number): Extent =>
      total(stage.blocks.slice(0, index).map(({ matrix: { shape } }) => shape[0]!));
    return stage.blocks.flatMap((block, index) => [
      call(
        'pack',
        sourceOf(block.matrix.name),
        get(block.matrix.shape[0]!),
        get(columns),
        get(matrix),
        inI32(first(index)),
        vectorsIn(inI32(rowBytes)),
      ),
      ...(bias
        ? [
            copy(
              inI32(sum(bias, product(bytes, first(index)))),
              sourceOf(block.bias!.name),
              inI32(product(bytes, block.matrix.shape[0]!)),
            ),
          ]
        : []),
    ]);
  });
  return define(
    {
      name: 'prepare',
      comment:
        'Once for a set of parameters: folds what depends on nothing else, packs the matrices, and copies the rest.\n' +
        'The lanes that fill up a panel are zeros.',
      parameters: [...dimensions, 'weights', ...tensorPointers(cell)],
      exported: true,
    },
    [
      ['memory.fill', get('weights'), i32(0), inI32(sizeOf(weights))],
      ...withPointers(weights, 'weights', [...copies, ...stages, ...packs]),
    ],
  );
}

export const copy = (to: Wat, from: Wat, bytes: Wat): Wat => ['memory.copy', to, from, bytes];

import {
  type Block,
  type Buffer,
  type Extent,
  fold,
  type MapPlan,
  type PlanStage,
  sizeOf,
  sum,
  total,
  type View,
} from '@congruent/codegen';
import { onHost, statement } from './functions.ts';
import { printLength } from './polynomial.ts';

/** Arrays for buffers of the host. */
export const arrays = (buffers: readonly Buffer[]): Block =>
  buffers.map(({ name, width }) => `const ${name} = new Float32Array(${printLength(width)});`);

/** What is computed once, on the host: from the parameters to weights, and from sums over all rows to gradients. */
export function hostStage(stage: PlanStage, sums: ReadonlyMap<PlanStage, string>): Block {
  switch (stage.kind) {
    case 'pack': {
      const { to, blocks, transposed, columns } = stage;
      if (blocks.length === 0) return [`${to.name}.fill(1);`];
      const list = `[${blocks.map(slice).join(', ')}]`;
      return [transposed ? `stack(${to.name}, ${list});` : `interleave(${to.name}, ${printLength(columns)}, ${list});`];
    }
    case 'copy':
      return [copy(stage.to, stage.from)];
    case 'map':
      return hostMap(stage);
    case 'contract': {
      const bias = stage.bias ? `, ${slice(stage.bias)}` : '';
      return [`multiply(${part(stage.result, stage.rows)}, ${stage.matrix.name}, ${slice(stage.operand)}${bias});`];
    }
    case 'reduce': {
      const { over, lefts, right, results } = stage;
      const other = right ? `, ${slice(right)}` : '';
      if (over === 'one') return lefts.map((left, at) => `outer(${slice(results[at]!)}, ${slice(left)}${other});`);
      const shapes = results.map(({ shape }) => shape);
      const buffer = { ...results[0]!.buffer, name: `sums['${sums.get(stage)}']!`, width: total(shapes) };
      return results.map((to, at) => copy(to, { ...to, buffer, offset: total(shapes.slice(0, at)) }));
    }
    default:
      return stage satisfies never;
  }
}

const copy = ({ buffer, offset }: View, from: View): string =>
  `${buffer.name}.set(${slice(from)}${offset === 0 ? '' : `, ${printLength(offset)}`});`;

function hostMap({ shape, loads, definitions, stores }: MapPlan): Block {
  const element = ({ buffer, offset, shape }: View): string =>
    `${buffer.name}[${printLength(offset, shape.length === 0 ? undefined : 'j')}]`;
  return [
    `for (let j = 0; j < ${printLength(sizeOf(shape))}; j++) {`,
    [
      ...loads.map(({ name, from }) => `const ${name} = ${element(from)}!;`),
      ...definitions.map(({ name, value, comment }) => statement(name, fold(value, onHost).text, comment)),
      ...stores.map(({ name, to }) => `${element(to)} = ${name};`),
    ],
    '}',
  ];
}

/** The elements of a value. */
const slice = (view: View): string => part(view, sizeOf(view.shape));

/** As many elements from where a value begins. */
function part({ buffer, offset }: View, size: Extent): string {
  if (offset === 0 && printLength(buffer.width) === printLength(size)) return buffer.name;
  return `${buffer.name}.subarray(${printLength(offset)}, ${printLength(sum(offset, size))})`;
}

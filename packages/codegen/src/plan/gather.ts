import { joinedShape, reference } from '../ir/expression.ts';
import type { Memory } from './memory.ts';
import type { Buffer, MapPlan, Product, Rows } from './plan.ts';

/**
 * A map that reads no more buffers than a kernel may, after those that put what it loads side by side in fewer ones.
 *
 * @param most  how many buffers a kernel may read
 * @param rows  of the buffers that only this phase reads
 */
export function gathered(map: MapPlan, most: number, rows: Rows, memory: Memory): readonly MapPlan[] {
  const own = new Set<Plane>(
    [...(map.products ?? []).flatMap(buffersOf), ...(map.joined ?? []).flatMap(placesOf)].map(plane),
  );
  const others = new Set<Plane>(map.loads.map(({ from }) => plane(from.buffer)).filter((buffer) => !own.has(buffer)));
  const spare = most - own.size;
  if (others.size <= spare) return [map];
  const some = new Set<Plane>([...others].filter((buffer) => buffer !== CONSTANTS).slice(0, most));
  if (some.size < 2) return [map];
  const loads = map.loads.filter(({ from }) => some.has(plane(from.buffer)));
  const parts = loads.map(({ from }) => from);
  const values = loads.map(({ name, from }) => reference(name, from.shape));
  const name = 'gathered';
  const views = memory.values(name, values, { space: 'scratch', rows });
  const { buffer } = views[0]!;
  const shape = joinedShape(parts);
  const stores = [{ name, to: { buffer, offset: 0, shape } }];
  const first: MapPlan = { kind: 'map', shape, loads: [], joined: [{ name, parts }], definitions: [], stores };
  const places = new Map(loads.map((load, index) => [load, views[index]!]));
  const moved = map.loads.map((load) => ({ ...load, from: places.get(load) ?? load.from }));
  return [first, ...gathered({ ...map, loads: moved }, most, rows, memory)];
}

/** Weights other than matrices lie in one plane. */
const CONSTANTS = 'constants';

/** What a kernel counts a buffer as. */
type Plane = Buffer | typeof CONSTANTS;

const plane = (buffer: Buffer): Plane => (buffer.rows === 'one' ? CONSTANTS : buffer);

const placesOf = ({ parts }: NonNullable<MapPlan['joined']>[number]): readonly Buffer[] =>
  parts.map(({ buffer }) => buffer);

/** The buffers that a product reads, its matrix as one for itself. */
const buffersOf = ({ matrix, operand, parts = [operand], bias }: Product): readonly Buffer[] => [
  { ...matrix, rows: 'sequence' },
  ...parts.map(({ buffer }) => buffer),
  ...(bias ? [bias.buffer] : []),
];

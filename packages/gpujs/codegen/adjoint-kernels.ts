import {
  type AdjointStage,
  definitionsOf,
  identifier,
  namesIn,
  type Program,
  type Reference,
  type SumStage,
} from '@congruent/codegen';
import { type Fusion, fused, type Kernel, kernelOf, stacked } from './fused.ts';
import { hoistedProduct, operandsOf } from './kernels.ts';
import { type Place, type Places, placesOf, planeOf, productPlaces } from './places.ts';
import { Writer } from './writer.ts';

/** The kernels that record, those of the way back, and the planes in which they meet. */
export interface AdjointKernels {
  /** For the rows of all steps, once the states before each are known: what the steps don't store. */
  readonly keep: readonly Kernel[];
  /** Planes of the forward pass that the way back reads. */
  readonly recorded: readonly string[];
  /** At every step, from the last to the first. */
  readonly step: readonly Kernel[];
  /** Planes of the steps that are read once all of them are done. */
  readonly carried: readonly string[];
  /** For the rows of all steps, after the loop. */
  readonly after: readonly Kernel[];
  readonly sums: readonly SumKernel[];
}

/** A sum over the rows of all steps; its result has as many rows as `height` says. */
export interface SumKernel extends Kernel {
  readonly height: readonly string[];
}

/** Derives the kernels from the schedule of the way back; nothing here knows a particular cell. */
export function adjointKernels(program: Program): AdjointKernels {
  const { adjoint, forward, step, after, sums, carried } = program.adjoint;
  const { kernels: keep, places: forwardPlaces } = keepKernels(program);
  const recorded = recordedPlaces(program, forwardPlaces);
  const inputs = forward.cell.inputs.map(({ name }) => adjoint.gradients.get(name)!);

  const incoming = adjoint.states.map((state) => ownPlace(state.incoming, 'step'));
  const outgoing = adjoint.states.map((state) => state.outgoing.name);
  const inSteps = new Map([...recorded, ownPlace(adjoint.output, 'sequence'), ...incoming]);
  const stepKernels = stageKernels(step, inSteps, {
    rows: 'first + row',
    whole: carried.map(({ name }) => name),
    alone: [...outgoing, ...inputs],
    past: new Map(incoming.map(([, place], index) => [outgoing[index]!, place])),
    plane: 'back',
  });

  const ofSteps = carried.map(({ name }): [string, Place] => [name, { ...inSteps.get(name)!, rows: 'sequence' }]);
  const afterwards = new Map([...recorded, ...ofSteps]);
  const afterKernels = stageKernels(after, afterwards, {
    rows: 'row',
    whole: sums.flatMap(({ blocks }) => blocks.map((block) => block.adjoint.name)),
    alone: inputs,
    past: new Map(),
    plane: 'after',
  });

  const sumKernels = sums.map((stage) => sumKernel(stage, afterwards));
  const read = new Set([...stepKernels, ...afterKernels, ...sumKernels].flatMap(({ planes }) => planes));
  const ofForward = new Set([...forwardPlaces.values()].filter(({ rows }) => rows === 'sequence').map(planeIn));
  return {
    keep,
    recorded: [...ofForward].filter((plane) => read.has(plane)),
    step: stepKernels,
    carried: [...new Set(ofSteps.map(([, place]) => planeIn(place)))],
    after: afterKernels,
    sums: sumKernels,
  };
}

const planeIn = ({ plane }: Place): string => plane;

/** A value with a plane of its own. */
const ownPlace = ({ name, shape }: Reference, rows: Place['rows']): [string, Place] => [
  name,
  { plane: planeOf(name), rows, offset: [], shape },
];

/** What is kept, for the rows of all steps; a product of a step is one for all rows here. */
function keepKernels({ schedule, adjoint: { forward } }: Program): { kernels: Kernel[]; places: Places } {
  const places = placesOf(forward);
  if (JSON.stringify([...places]) !== JSON.stringify([...placesOf(schedule)])) {
    throw new TypeError(`${forward.cell.name}: a forward pass that records needs other planes before the steps`);
  }
  for (const state of forward.cell.states) places.set(...ownPlace(state, 'sequence'));
  const stages = [...forward.before, ...forward.step];
  const elementwise = stages.filter((stage) => stage.kind === 'elementwise');
  const wanted = new Set([...forward.kept.map(({ name }) => name), ...operandsOf(forward)]);
  const kernels: Kernel[] = [];
  for (const stage of stages) {
    if (stage.kind === 'elementwise') {
      const names = stage.definitions.map(({ name }) => name).filter((name) => wanted.has(name) && !places.has(name));
      kernels.push(...sideBySide(names, 'kept', kernels, { stages: elementwise, places, rows: 'row' }));
    } else if (forward.step.includes(stage)) {
      kernels.push(hoistedProduct(stage, forward.step, places));
      for (const [name, place] of productPlaces(stage, forward.step)) places.set(name, place);
    }
  }
  return { kernels, places };
}

/** Of the places of the forward pass those that the way back reads. */
function recordedPlaces({ adjoint: { forward, prepare } }: Program, places: Places): [string, Place][] {
  const given = [...forward.cell.parameters, ...definitionsOf(prepare), ...forward.cell.inputs, ...forward.kept];
  const names = new Set(given.map(({ name }) => name));
  return [...places].filter(([name]) => names.has(name));
}

/** Which values of some stages of the way back have planes, and how. */
interface Wanted extends Pick<Fusion, 'rows'> {
  /** Values that are read after these stages. */
  readonly whole: readonly string[];
  /** Values with planes of their own. */
  readonly alone: readonly string[];
  /** What rows have in a step whose sequence has ended, by value. */
  readonly past: ReadonlyMap<string, Place>;
  /** The name of a plane of several values. */
  readonly plane: string;
}

/**
 * One kernel for all values of an element-wise stage that something needs as a whole, one for each that has a plane of
 * its own. A product is summed in the kernel that alone reads it. `places` is told where results lie.
 */
function stageKernels(
  stages: readonly AdjointStage[],
  places: Map<string, Place>,
  { rows, whole, alone, past, plane }: Wanted,
): Kernel[] {
  const vectors = stages.flatMap((stage) => (stage.kind === 'transposed' ? stage.vectors : [])).map(({ name }) => name);
  const read = [...new Set([...vectors, ...whole])];
  const kernels: Kernel[] = [];
  for (const stage of stages) {
    const defined = definitionsOf([stage]).map(({ name }) => name);
    const apart = defined.filter((name) => alone.includes(name) || (stage.kind === 'transposed' && !isInside(name)));
    const together = read.filter((name) => defined.includes(name) && !apart.includes(name));
    if (stage.kind === 'elementwise') {
      kernels.push(...sideBySide(together, plane, kernels, { stages, places, rows }));
    }
    for (const name of apart) {
      kernels.push(...sideBySide([name], plane, kernels, { stages, places, rows, past: past.get(name) }));
    }
  }
  return kernels;

  /** Whether a product is read by one value alone, which has a kernel of its own. */
  function isInside(product: string): boolean {
    const readers = definitionsOf(stages).filter(({ value }) => namesIn(value).includes(product));
    return readers.length === 1 && alone.includes(readers[0]!.name) && !read.includes(product);
  }
}

/** The kernel of values that become one plane, where there are any; `places` is told. `before`: kernels so far. */
function sideBySide(
  names: readonly string[],
  plane: string,
  before: readonly Kernel[],
  fusion: Omit<Fusion, 'names' | 'plane' | 'places'> & { readonly places: Map<string, Place> },
): Kernel[] {
  if (names.length === 0) return [];
  const same = before.filter(({ result }) => result.startsWith(plane)).length;
  const several = same > 0 ? `${plane}${same + 1}` : plane;
  const kernel = fused({ ...fusion, names, plane: names.length > 1 ? several : undefined });
  const { shape } = definitionsOf(fusion.stages).find(({ name }) => name === names[0])!.value;
  names.forEach((name, index) => {
    const offset = names.slice(0, index).flatMap(() => shape);
    fusion.places.set(name, {
      plane: kernel.result,
      rows: fusion.rows === 'row' ? 'sequence' : 'step',
      offset,
      shape,
    });
  });
  return [kernel];
}

/** The sum over the rows of all steps of adjoints one below the other, or of their outer products with the operand. */
function sumKernel({ operand, blocks }: SumStage, places: Places): SumKernel {
  const adjoints = blocks.map(({ adjoint }) => adjoint);
  if (adjoints.some(({ shape }) => shape.length !== 1)) {
    throw new TypeError('a parameter that is a number is not supported by this emitter');
  }
  const writer = new Writer(places, 'row');
  writer.overRows(adjoints, operand ? 'row' : 'j', operand);
  writer.lines.push('return sum;');
  const lengths = adjoints.flatMap(({ shape }) => shape);
  const left = stacked(adjoints.map(({ name }) => name));
  const doc = `${stacked(blocks.map(({ name }) => name))} = ${operand ? `outer(${left}, ${operand.name})` : left}, summed`;
  const result = operand ? `sums_${identifier(operand.name)}` : 'sums';
  const [height, width] = operand ? [lengths, operand.shape] : [[], lengths];
  return { ...kernelOf(result, doc, width, writer), height };
}

import { namesIn } from '../ir/expression.ts';
import { type Extent, evaluate, sizeOf } from './extent.ts';
import type { Buffer, MapPlan, Plan, PlanStage, Product, View } from './plan.ts';

/** A property of every plan; `broken` lists where it does not hold. */
export interface PlanRule {
  readonly name: string;
  broken(plan: Plan): readonly string[];
}

/** Some elements in each row of a buffer. */
interface Range extends Pick<View, 'buffer' | 'offset'> {
  readonly size: Extent;
}

/** What a stage reads and writes. */
interface Access {
  readonly reads: readonly Range[];
  readonly writes: readonly Range[];
}

export const planRules: readonly PlanRule[] = [
  {
    name: 'every buffer has a name of its own',
    broken: (plan) => {
      const names = buffersOf(plan).map(({ name }) => name);
      return names.filter((name, index) => names.indexOf(name) !== index);
    },
  },
  {
    name: 'a stage works on buffers of the plan',
    broken: (plan) => {
      const known = new Set(buffersOf(plan));
      return rangesOf(plan)
        .filter(({ buffer }) => !known.has(buffer))
        .map(({ buffer }) => buffer.name);
    },
  },
  {
    name: 'a value lies within a row of its buffer',
    broken: (plan) => {
      const size = sizesFor(plan);
      return rangesOf(plan)
        .filter((range) => size(range.offset) + size(range.size) > size(range.buffer.width))
        .map(({ buffer }) => buffer.name);
    },
  },
  {
    name: 'a map loads what it reads, stores what it has, and all in one shape',
    broken: (plan) => stagesIn(plan).flatMap((stage) => (stage.kind === 'map' ? brokenMap(stage) : [])),
  },
  {
    name: 'a matrix has room for its rows and columns',
    broken: (plan) => {
      const size = sizesFor(plan);
      return stagesIn(plan)
        .flatMap(productsOf)
        .filter(({ matrix, rows, columns }) => size(rows) * size(columns) > size(matrix.width))
        .map(({ label }) => label);
    },
  },
  {
    name: 'what is read was given or written before',
    broken: (plan) => {
      const memory = new Written(plan);
      return stagesIn(plan).flatMap((stage) => {
        const { reads, writes } = accessOf(stage);
        const missing = reads.filter((range) => !memory.has(range)).map(({ buffer }) => buffer.name);
        for (const range of writes) memory.add(range);
        return missing;
      });
    },
  },
  {
    name: 'what a phase reads of another has a row for each row of the sequence, or of a chunk',
    broken: (plan) => {
      const writtenIn = new Map<Buffer, number>();
      return plan.phases.flatMap(({ stages }, phase) => {
        const accesses = stages.map(accessOf);
        for (const { buffer } of accesses.flatMap(({ writes }) => writes)) {
          if (!writtenIn.has(buffer)) writtenIn.set(buffer, phase);
        }
        return accesses
          .flatMap(({ reads }) => reads)
          .filter(({ buffer: { space, rows } }) => space === 'scratch' && (rows === 'one' || rows === 'step'))
          .filter(({ buffer }) => (writtenIn.get(buffer) ?? phase) !== phase)
          .map(({ buffer }) => buffer.name);
      });
    },
  },
  {
    name: 'outputs, states and gradients are written whole',
    broken: (plan) => {
      const memory = new Written(plan);
      for (const stage of stagesIn(plan)) for (const range of accessOf(stage).writes) memory.add(range);
      return [...plan.outputs, ...plan.carries, ...plan.gradients]
        .filter((buffer) => !memory.isWhole(buffer))
        .map(({ name }) => name);
    },
  },
];

/**
 * Gives the plan back.
 *
 * @throws Error with the rule and the place, where a rule is broken
 */
export function verifyPlan(plan: Plan): Plan {
  const broken = planRules.flatMap((rule) => rule.broken(plan).map((where) => `  ${rule.name}: ${where}`));
  if (broken.length === 0) return plan;
  throw new Error(`the plan of ${plan.name}, ${plan.direction}, is not well formed:\n${broken.join('\n')}`);
}

/** Elements from one up to another. */
type Interval = readonly [from: number, to: number];

/** Which elements of a row of each buffer were written, for one length of every dimension. */
class Written {
  private readonly size: (extent: Extent) => number;
  /** With gaps between them, and not element by element: sizes that are numbers may be large. */
  private readonly intervals = new Map<Buffer, readonly Interval[]>();
  private readonly given: ReadonlySet<Buffer>;

  constructor(plan: Plan) {
    const { inputs, carries, tensors, recorded, direction } = plan;
    this.size = sizesFor(plan);
    this.given = new Set([...inputs, ...carries, ...tensors, ...(direction === 'backwards' ? recorded : [])]);
  }

  add(range: Range): void {
    const [from, to] = this.intervalOf(range);
    const known = this.intervals.get(range.buffer) ?? [];
    const met = known.filter((each) => each[0] <= to && from <= each[1]);
    const merged: Interval = [
      Math.min(from, ...met.map(([start]) => start)),
      Math.max(to, ...met.map(([, end]) => end)),
    ];
    const others = known.filter((each) => !met.includes(each));
    this.intervals.set(range.buffer, [...others, merged]);
  }

  has(range: Range): boolean {
    const [from, to] = this.intervalOf(range);
    const known = this.intervals.get(range.buffer) ?? [];
    return this.given.has(range.buffer) || from === to || known.some(([start, end]) => start <= from && to <= end);
  }

  isWhole(buffer: Buffer): boolean {
    const known = this.intervals.get(buffer) ?? [];
    return known.reduce((sum, [from, to]) => sum + to - from, 0) === this.size(buffer.width);
  }

  private intervalOf({ offset, size }: Range): Interval {
    const from = this.size(offset);
    return [from, from + this.size(size)];
  }
}

/** Lengths of which sums are seldom equal by chance. */
const LENGTHS = [3, 7, 4, 11, 5, 13, 6, 17];

function sizesFor({ dimensions }: Plan): (extent: Extent) => number {
  const lengths = Object.fromEntries(dimensions.map((name, index) => [name, LENGTHS[index % LENGTHS.length]!]));
  return (extent) => evaluate(extent, lengths);
}

function buffersOf(plan: Plan): readonly Buffer[] {
  const { inputs, carries, outputs, recorded, tensors, gradients, weights, scratch } = plan;
  const rows = [...inputs, ...carries, ...outputs, ...recorded];
  return [...new Set([...rows, ...tensors, ...gradients, ...weights, ...scratch])];
}

const stagesIn = ({ prepare, phases, finish }: Plan): readonly PlanStage[] => [
  ...prepare,
  ...phases.flatMap(({ stages }) => stages),
  ...finish,
];

const rangesOf = (plan: Plan): readonly Range[] =>
  stagesIn(plan)
    .map(accessOf)
    .flatMap(({ reads, writes }) => [...reads, ...writes]);

const rangeOf = ({ buffer, offset, shape }: View): Range => ({ buffer, offset, size: sizeOf(shape) });

function accessOf(stage: PlanStage): Access {
  switch (stage.kind) {
    case 'map':
      return {
        reads: [
          ...stage.loads.map(({ from }) => rangeOf(from)),
          ...(stage.joined ?? []).flatMap(({ parts }) => parts.map(rangeOf)),
          ...productsOf(stage).flatMap(readByProduct),
        ],
        writes: stage.stores.map(({ to }) => rangeOf(to)),
      };
    case 'contract':
      return { reads: readByProduct(stage), writes: [{ ...stage.result, size: stage.rows }] };
    case 'reduce':
      return {
        reads: [...stage.lefts, ...(stage.right ? [stage.right] : [])].map(rangeOf),
        writes: stage.results.map(rangeOf),
      };
    case 'pack':
      return { reads: stage.blocks.map(rangeOf), writes: [{ buffer: stage.to, offset: 0, size: stage.to.width }] };
    case 'copy':
      return { reads: [rangeOf(stage.from)], writes: [rangeOf(stage.to)] };
    default:
      return stage satisfies never;
  }
}

function productsOf(stage: PlanStage): readonly Product[] {
  if (stage.kind === 'contract') return [stage];
  return stage.kind === 'map' ? (stage.products ?? []) : [];
}

function readByProduct({ operand, parts, bias, matrix, rows, columns }: Product): readonly Range[] {
  const vectors = parts ? parts.map(rangeOf) : [{ ...operand, size: columns }];
  const reads = [...vectors, { buffer: matrix, offset: 0, size: matrix.width }];
  return bias ? [...reads, { ...bias, size: rows }] : reads;
}

function brokenMap({ shape, loads, joined = [], products = [], definitions, stores }: MapPlan): readonly string[] {
  const known = new Set([...[...loads, ...joined].map(({ name }) => name), ...products.flatMap(({ names }) => names)]);
  const unknown = definitions.flatMap(({ name, value }) => {
    const missing = [...namesIn(value)].filter((operand) => !known.has(operand));
    known.add(name);
    return missing;
  });
  const ofOtherShape = [
    ...loads.filter(({ from }) => from.shape.length > 0 && `${from.shape}` !== `${shape}`),
    ...stores.filter(({ to }) => `${to.shape}` !== `${shape}`),
  ];
  const never = stores.filter(({ name }) => !known.has(name));
  return [...unknown, ...[...ofOtherShape, ...never].map(({ name }) => name)];
}

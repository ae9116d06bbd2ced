import type { Buffer, Plan, Rows, View } from '@congruent/codegen';
import { inC, member, times } from './extent.ts';
import { workspaceOf } from './sums.ts';

/** The struct with all that the code of one plan works on. */
export function memoryStruct(plan: Plan): string {
  const pointers = [...buffersOf(plan).map(({ name, holds }) => `element *${name}; /* ${holds} */`)];
  const lengths = plan.dimensions.map((name) => `int64_t ${name};`);
  return [
    `typedef struct {`,
    ...[...lengths, ...pointers, 'element *sum_workspace;'].map(indent),
    `} ${plan.direction};`,
  ].join('\n');
}

const indent = (line: string): string => `  ${line}`;

const buffersOf = ({
  tensors,
  gradients,
  weights,
  inputs,
  carries,
  outputs,
  recorded,
  scratch,
}: Plan): readonly Buffer[] => [
  ...[...tensors, ...weights, ...inputs, ...carries, ...outputs, ...recorded, ...gradients, ...scratch],
];

/** The buffers that a caller gives to functions over rows, in order; what is recorded comes after them. */
function operandsOf({ direction, inputs, carries, outputs, gradients }: Plan): readonly Buffer[] {
  const given = direction === 'forwards' ? [...carries, ...outputs] : [...outputs, ...carries, ...gradients];
  return [...inputs, ...given];
}

/** What points to where a run records, or has recorded. */
export const recorded = (plan: Plan, memory: string): readonly string[] =>
  plan.residuals ? [`${memory}.${plan.residuals.name} = operands[${operandsOf(plan).length}];`] : [];

const COUNTS: Readonly<Record<Rows, string>> = {
  one: '1',
  step: 'batch',
  chunk: 'congruent_chunk(rows, batch)',
  sequence: 'rows',
};

/** The functions that say where the buffers of a plan lie, and how much memory they need. */
export function memoryFunctions(plan: Plan): readonly string[] {
  const { direction, dimensions, weights, scratch } = plan;
  const whole = ({ rows }: Buffer): boolean => rows === 'sequence';
  const take = (buffer: Buffer, region: string): string =>
    `${member(buffer.name)} = take(${region}, ${times(COUNTS[buffer.rows], buffer.width)});`;
  const space = workspaceOf(plan);
  return [
    functionOf(`static void ${direction}_sizes(${direction} *m, const int64_t *sizes)`, [
      ...dimensions.map((name, at) => `${member(name)} = sizes[${at}];`),
    ]),
    functionOf(
      `static void ${direction}_weights(${direction} *m, congruent_region *region)`,
      weights.map((buffer) => take(buffer, 'region')),
    ),
    functionOf(
      `static void ${direction}_scratch(${direction} *m, int64_t rows, int64_t batch, congruent_region *shared, congruent_region *own)`,
      [
        ...scratch.map((buffer) => take(buffer, whole(buffer) ? 'shared' : 'own')),
        ...(space === undefined ? [] : [`m->sum_workspace = take(own, ${space});`]),
      ],
    ),
    functionOf(`static void ${direction}_operands(${direction} *m, void *const *operands)`, [
      ...operandsOf(plan).map(({ name }, at) => `${member(name)} = operands[${at}];`),
    ]),
    functionOf(`static int64_t ${direction}_weights_size(const int64_t *sizes)`, [
      `${direction} m;`,
      'congruent_region region = {NULL, 0};',
      `${direction}_sizes(&m, sizes);`,
      `${direction}_weights(&m, &region);`,
      'return region.used;',
    ]),
    functionOf(
      `static congruent_scratch_size ${direction}_scratch_size(const int64_t *sizes, int64_t rows, int64_t batch)`,
      [
        `${direction} m;`,
        'congruent_region shared = {NULL, 0}, own = {NULL, 0};',
        `${direction}_sizes(&m, sizes);`,
        `${direction}_scratch(&m, rows, batch, &shared, &own);`,
        'return (congruent_scratch_size){shared.used, own.used};',
      ],
    ),
    functionOf(
      `static void ${direction}_memory(${direction} *m, const int64_t *sizes, const void *weights, congruent_scratch scratch, int64_t rows, int64_t batch, void *const *operands)`,
      [
        'congruent_region kept = {(element *)weights, 0}, shared = {scratch.shared, 0}, own = {scratch.own, 0};',
        `${direction}_sizes(m, sizes);`,
        `${direction}_weights(m, &kept);`,
        `${direction}_scratch(m, rows, batch, &shared, &own);`,
        `${direction}_operands(m, operands);`,
      ],
    ),
  ];
}

/** A function in C. */
export const functionOf = (head: string, body: readonly string[]): string =>
  [`${head} {`, ...body.map(indent), '}'].join('\n');

/** Which row of a buffer is the first of those that a phase has in hand; undefined where all rows share one. */
function rowOf({ space, rows }: Buffer): string | undefined {
  if (rows === 'one') return undefined;
  if (rows === 'step') return space === 'argument' ? 'at.carried' : '0';
  return rows === 'chunk' ? 'at.chunk' : 'at.row';
}

/** Where a value lies in the row so many after the first in hand. */
export function pointerTo({ buffer, offset }: View, row?: string): string {
  const parts = [member(buffer.name)];
  const first = rowOf(buffer);
  if (first !== undefined) {
    const rows = [first, row].filter((part) => part !== undefined && part !== '0');
    if (rows.length > 0) parts.push(times(rows.length > 1 ? `(${rows.join(' + ')})` : rows[0]!, buffer.width));
  }
  if (offset !== 0) parts.push(inC(offset));
  return parts.join(' + ');
}

/** Elements from one row of a value to the next. */
export const strideOf = ({ buffer }: View): string => (buffer.rows === 'one' ? '0' : inC(buffer.width));

import { type DType, type Plan, type Plans, withoutRecording } from '@congruent/codegen';
import { calledFunction } from './expression.ts';
import { inC } from './extent.ts';
import { Functions } from './functions.ts';
import { functionOf, memoryFunctions, memoryStruct, recorded } from './memory.ts';
import { loopsOf, type PhaseFunction, phaseFunctions } from './phases.ts';
import { codeOf, type Setting } from './stages.ts';
import { isShared, sumOver } from './sums.ts';

/** The C file of a cell for one element type. */
export function unitOf(name: string, plans: Plans): string {
  const { dtype } = plans;
  const functions = new Functions();
  const setting: Setting = { dtype, functions };
  const { forward, backward } = plans;
  const plain = phaseFunctions(withoutRecording(forward), setting);
  const recording = phaseFunctions(forward, setting);
  const back = phaseFunctions(backward, setting);
  const prepared = [forward, backward].map((plan) => prepareFunction(plan, setting));
  const finished = finishFunction(backward, setting);
  const sections = [
    `#define CONGRUENT_DTYPE ${dtype === 'float32' ? 32 : 64}\n#include "kernels.h"`,
    '/* Functions of one kind take the same operands, whether or not the cell needs them all. */\n' +
      '#pragma GCC diagnostic ignored "-Wunused-parameter"',
    ...plans.functions.map((called) => calledFunction(called, dtype)),
    ...[forward, backward].flatMap((plan) => [memoryStruct(plan), ...memoryFunctions(plan)]),
    ...functions.texts,
    ...prepared,
    stepFunction(plain),
    sequenceFunction('run', withoutRecording(forward), plain),
    sequenceFunction('record', forward, recording),
    sequenceFunction('pull_back', backward, back),
    finished,
    functionOf('static int64_t residuals(const int64_t *sizes)', [
      'forwards memory, *const m = &memory;',
      'forwards_sizes(m, sizes);',
      `return ${inC(forward.residuals?.width ?? 0)};`,
    ]),
    tableOf(name, dtype),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Once for a set of parameters. The lanes that fill up a panel are zeros. */
function prepareFunction(plan: Plan, setting: Setting): string {
  const { direction, tensors, prepare } = plan;
  return functionOf(
    `static void ${direction}_prepare(const int64_t *sizes, const void *const *tensors, void *weights)`,
    [
      `${direction} memory, *const m = &memory;`,
      'congruent_region kept = {weights, 0};',
      `${direction}_sizes(m, sizes);`,
      `${direction}_weights(m, &kept);`,
      'congruent_fill(weights, 0, kept.used);',
      ...tensors.map(({ name }, at) => `m->${name} = (element *)tensors[${at}];`),
      ...prepare.flatMap((stage) => codeOf(stage, setting, false)),
    ],
  );
}

/** One step on its own: every phase once, for its rows. */
const stepFunction = (phases: readonly PhaseFunction[]): string =>
  functionOf(
    'static void step(const int64_t *sizes, const void *weights, congruent_scratch scratch, int64_t batch, void *const *operands)',
    [
      'forwards memory;',
      'forwards_memory(&memory, sizes, weights, scratch, batch, batch, operands);',
      ...phases.map(({ name }) => `${name}(&memory, (congruent_span){0, 0, 0, batch});`),
    ],
  );

/** All loops of a plan over a sequence. */
function sequenceFunction(name: string, plan: Plan, phases: readonly PhaseFunction[]): string {
  const { direction } = plan;
  return functionOf(
    `static void ${name}(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows rows, void *const *operands)`,
    [
      `static const congruent_loop loops[] = {${loopsOf(phases)}};`,
      `${direction} memory;`,
      `${direction}_memory(&memory, sizes, weights, scratch, rows.rows, share_of(rows.batch_sizes[0], rows), operands);`,
      ...recorded(plan, 'memory'),
      `congruent_sequence(loops, sizeof loops / sizeof *loops, &memory, rows, ${direction === 'forwards' ? '' : '!'}rows.reverse);`,
    ],
  );
}

/** What follows from all rows: sums that nothing else reads in shares, all others by the first share alone. */
function finishFunction(plan: Plan, setting: Setting): string {
  const { direction, finish } = plan;
  const shared = finish.filter((stage) => isShared(stage, finish));
  const others = finish.filter((stage) => !isShared(stage, finish));
  const body = others.flatMap((stage) => codeOf(stage, setting, false));
  return functionOf(
    'static void sum_gradients(const int64_t *sizes, const void *weights, congruent_scratch scratch, congruent_rows all, void *const *operands, int32_t share, int32_t shares)',
    [
      `${direction} memory, *const m = &memory;`,
      'const int64_t rows = all.rows;',
      'const congruent_span at = {0, 0, 0, rows};',
      `${direction}_memory(m, sizes, weights, scratch, rows, 0, operands);`,
      ...recorded(plan, 'memory'),
      '(void)at;',
      ...shared.flatMap((stage) => sumOver(stage, 'share, shares')),
      ...(body.length === 0 ? [] : ['if (share > 0) return;', ...body]),
    ],
  );
}

const tableOf = (name: string, dtype: DType): string =>
  [
    `const congruent_kernels CONGRUENT_KERNELS(${name}, ${dtype}) = {`,
    ...[
      ['weights', 'forwards_weights_size'],
      ['scratch', 'forwards_scratch_size'],
      ['prepare', 'forwards_prepare'],
      ['step', 'step'],
      ['run', 'run'],
      ['record', 'record'],
      ['residuals', 'residuals'],
      ['backward_weights', 'backwards_weights_size'],
      ['backward_scratch', 'backwards_scratch_size'],
      ['prepare_backward', 'backwards_prepare'],
      ['pull_back', 'pull_back'],
      ['sum_gradients', 'sum_gradients'],
    ].map(([field, of]) => `  .${field} = ${of},`),
    '};',
  ].join('\n');

import type { Block } from '@congruent/codegen';
import { functionOf, wordsIn } from './functions.ts';
import { type Planned, weightsOf } from './model.ts';
import { constantOf, type Part, type Struct } from './part.ts';
import { codeOf, zeroed } from './stages.ts';

/**
 * The step with the exported weights, and what holds its states.
 *
 * @param training  whether others make weights too, and so need room for what is computed on the way to them
 */
export function inferenceOf(model: Planned, training: boolean): Part {
  const { name, step, table } = model;
  const { inputs, outputs, carries, scratch, weights } = step;
  const style = { model: name, table, adds: () => false };
  const code = step.phases.flatMap(({ stages }) => stages.flatMap((stage) => codeOf(stage, style)));
  const words = wordsIn(code);
  const kept: Struct = {
    name: `${name}_weights`,
    doc: 'The weights as the step reads them',
    buffers: training ? weights : weights.filter((buffer) => words.has(buffer.name)),
  };
  const states = carries.length > 0 ? `The states (${carries.map((carry) => carry.name).join(', ')})` : 'No states';
  const state: Struct = {
    name: `${name}_state`,
    doc: `${states}, and working memory`,
    buffers: [...carries, ...scratch],
  };
  const members = { buffers: state.buffers, members: 'state->', isConst: false };
  const hasWeights = training || kept.buffers.length > 0;
  const initial = initialStatesOf(model);
  return {
    structs: [...(hasWeights ? [kept] : []), ...initial.structs, state],
    declarations: declarations(name, initial.structs.length > 0),
    constants: [
      ...(hasWeights ? constantOf(kept, `${name}_exported`, weightsOf(model, step)) : []),
      ...initial.constants,
    ],
    functions: [
      ...functionOf(`void ${name}_reset(${name}_state *state)`, [members], initial.reset),
      '',
      ...functionOf(
        `void ${name}_step(${name}_state *state, const float *inputs, float *outputs)`,
        [
          { buffers: weights, members: `${name}_exported.`, isConst: true },
          members,
          { buffers: inputs, from: 'inputs', isConst: true },
          { buffers: outputs, from: 'outputs', isConst: false },
        ],
        code,
      ),
      '',
      `static inline void ${name}_run(${name}_state *state, int steps, const float *x, float *y) {`,
      [
        'for (int k = 0; k < steps; k++) {',
        [`${name}_step(state, x, y);`, `x += ${name}_INPUT_SIZE;`, `y += ${name}_OUTPUT_SIZE;`],
        '}',
      ],
      '}',
      '',
    ],
  };
}

interface InitialStates extends Pick<Part, 'structs' | 'constants'> {
  /** What makes the states what they are before the first step. */
  readonly reset: Block;
}

/** Zeros, or constants that are copied: the states are the first members of what holds them, in this order. */
function initialStatesOf({ name, step: { carries }, initialStates }: Planned): InitialStates {
  if (!initialStates) return { structs: [], constants: [], reset: zeroed(carries) };
  const struct = { name: `${name}_initial_states`, doc: 'The states before the first step', buffers: carries };
  const values = new Map(carries.map((carry, index) => [carry, initialStates[index]!]));
  return {
    structs: [struct],
    constants: constantOf(struct, `${name}_initial`, values),
    reset: [`memcpy(state, &${name}_initial, sizeof ${name}_initial);`],
  };
}

const declarations = (name: string, hasInitial: boolean): Block => [
  `// The initial states${hasInitial ? '' : ', zeros'}: to be called before the first step, and where a new sequence begins.`,
  `static inline void ${name}_reset(${name}_state *state);`,
  '',
  `// One step, from ${name}_INPUT_SIZE values at x to ${name}_OUTPUT_SIZE values at y, which may not overlap.`,
  `static inline void ${name}_step(${name}_state *state, const float *x, float *y);`,
  '',
  '// So many steps one after the other, from rows at x to rows at y, from the current states on.',
  `static inline void ${name}_run(${name}_state *state, int steps, const float *x, float *y);`,
  '',
];

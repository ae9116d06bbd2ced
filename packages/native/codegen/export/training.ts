import type { Block, Buffer, Plan } from '@congruent/codegen';
import { readBy } from '../views.ts';
import { accumulated } from './accumulate.ts';
import { functionOf, type Place } from './functions.ts';
import type { Planned } from './model.ts';
import { constantOf, type Part, type Struct } from './part.ts';
import { at, codeOf, elementsOf, loop, type Style, zeroed } from './stages.ts';

/** What a device needs to go on training: steps that are recorded, and steps backwards. */
export function trainingOf(model: Planned): Part {
  const { name, plans, tensors } = model;
  const { forward, backward } = plans;
  const { own } = accumulated(backward.finish);
  const struct = (end: string, doc: string, buffers: readonly Buffer[]): Struct => {
    return { name: `${name}_${end}`, doc, buffers };
  };
  const parameters = struct(
    'parameters',
    'The parameters as a state dict has them, or their gradients',
    forward.tensors,
  );
  const values = [...tensors.values()];
  return {
    structs: [
      parameters,
      struct('backward_weights', 'The weights as the backward step reads them', backward.weights),
      struct('trace', 'What a step records and the same step backwards reads', traceOf(plans)),
      struct('adjoint', 'The adjoints of the states, and working memory', [
        ...backward.carries,
        ...backward.scratch,
        ...own,
      ]),
    ],
    declarations: declarations(name),
    constants: constantOf(
      parameters,
      `${name}_exported_parameters`,
      new Map(forward.tensors.map((buffer, index) => [buffer, values[index]!])),
    ),
    functions: [
      ...prepare(model, forward, 'prepare', 'weights'),
      ...prepare(model, backward, 'prepare_backward', 'backward_weights'),
      ...recordStep(model),
      ...functionOf(
        `void ${name}_adjoint_reset(${name}_adjoint *adjoint)`,
        [membersOf(backward.carries, 'adjoint')],
        zeroed(backward.carries),
      ),
      '',
      ...backwardStep(model),
    ],
  };
}

const membersOf = (buffers: readonly Buffer[], owner: string): Place => {
  return { buffers, members: `${owner}->`, isConst: false };
};

const constantsOf = (buffers: readonly Buffer[], owner: string, fields = buffers): Place => {
  return { buffers, fields, members: `${owner}->`, isConst: true };
};

const styleOf = ({ name, table }: Planned, adds: Style['adds'] = () => false): Style => ({ model: name, table, adds });

/** The inputs that the backward pass reads, by its names for them, and the residuals. */
function traceOf({ forward, backward }: Planned['plans']): readonly Buffer[] {
  const stages = [...backward.phases.flatMap((phase) => phase.stages), ...backward.finish];
  const read = new Set(stages.flatMap(readBy).map(({ buffer }) => buffer));
  const inputs = backward.inputs.slice(0, forward.inputs.length).filter((buffer) => read.has(buffer));
  return [...inputs, ...backward.recorded];
}

/** Makes the weights of one direction. */
const prepare = (model: Planned, plan: Plan, end: string, weights: string): Block => [
  ...functionOf(
    `void ${model.name}_${end}(${model.name}_${weights} *weights, const ${model.name}_parameters *parameters)`,
    [constantsOf(plan.tensors, 'parameters', model.plans.forward.tensors), membersOf(plan.weights, 'weights')],
    plan.prepare.flatMap((stage) => codeOf(stage, styleOf(model))),
  ),
  '',
];

function recordStep(model: Planned): Block {
  const { name, plans } = model;
  const { inputs, outputs, weights, carries, scratch, recorded, phases } = plans.forward;
  const kept = traceOf(plans);
  const copies = inputs.flatMap((input, index) => {
    const to = plans.backward.inputs[index]!;
    return kept.includes(to) ? [`memcpy(trace->${to.name}, ${input.name}, sizeof trace->${to.name});`] : [];
  });
  const places: readonly Place[] = [
    constantsOf(weights, 'weights'),
    membersOf([...carries, ...scratch], 'state'),
    membersOf(recorded, 'trace'),
    { buffers: inputs, from: 'inputs', isConst: true },
    { buffers: outputs, from: 'outputs', isConst: false },
  ];
  const code = phases.flatMap(({ stages }) => stages.flatMap((stage) => codeOf(stage, styleOf(model))));
  const [first, ...rest] = [
    `${name}_state *state`,
    `const ${name}_weights *weights`,
    'const float *inputs',
    'float *outputs',
    `${name}_trace *trace`,
  ];
  return [...functionOf(`void ${name}_record_step(${[first, ...rest].join(', ')})`, places, [...copies, ...code]), ''];
}

function backwardStep(model: Planned): Block {
  const { name, plans } = model;
  const { forward, backward } = plans;
  const { own, added } = accumulated(backward.finish);
  const kept = traceOf(plans);
  const adjoints = backward.inputs.slice(forward.inputs.length);
  const { gradients } = backward;
  const places: readonly Place[] = [
    constantsOf(backward.weights, 'weights'),
    membersOf([...backward.carries, ...backward.scratch, ...own], 'adjoint'),
    constantsOf(kept, 'trace'),
    { buffers: adjoints, from: 'output_adjoints', isConst: true },
    { buffers: backward.outputs, from: 'input_adjoints', isConst: false },
    {
      buffers: gradients.filter((buffer) => !own.includes(buffer)),
      fields: forward.tensors.filter((_, index) => !own.includes(gradients[index]!)),
      members: 'gradients->',
      isConst: false,
    },
  ];
  const style = styleOf(model, ({ buffer }) => buffer.space === 'gradient' && !own.includes(buffer));
  const stages = [...backward.phases.flatMap((phase) => phase.stages), ...backward.finish];
  const sums = added.flatMap((view) => {
    const { name: to } = forward.tensors[gradients.indexOf(view.buffer)]!;
    const total = at({ ...view, buffer: { ...view.buffer, name: `gradients->${to}` } }, 'j');
    return loop('j', elementsOf(view), [`${total} += ${at(view, 'j')};`]);
  });
  const parameters = [
    `${name}_adjoint *adjoint`,
    `const ${name}_backward_weights *weights`,
    `const ${name}_trace *trace`,
    'const float *output_adjoints',
    'float *input_adjoints',
    `${name}_parameters *gradients`,
  ];
  const code = [...stages.flatMap((stage) => codeOf(stage, style)), ...sums];
  return [...functionOf(`void ${name}_backward_step(${parameters.join(', ')})`, places, code), ''];
}

const declarations = (name: string): Block => [
  '// The weights of parameters, as steps forwards and backwards read them: to be called again when the parameters change.',
  `static inline void ${name}_prepare(${name}_weights *weights, const ${name}_parameters *parameters);`,
  `static inline void ${name}_prepare_backward(${name}_backward_weights *weights, const ${name}_parameters *parameters);`,
  '',
  `// One step as of ${name}_step, with weights of one's own; what the step backwards needs is written to the trace.`,
  `static inline void ${name}_record_step(`,
  [`${name}_state *state, const ${name}_weights *weights, const float *x, float *y, ${name}_trace *trace`],
  ');',
  '',
  '// Adjoints of zeros: what is after the last step asks nothing of its states.',
  `static inline void ${name}_adjoint_reset(${name}_adjoint *adjoint);`,
  '',
  '// The step of a trace backwards. From the adjoints of its outputs at dy, and of its next states, to those of its inputs,',
  `// ${name}_INPUT_SIZE values at dx, and of its states, which the step before it takes. What the parameters get is added to`,
  '// the gradients. Several steps are run backwards from the last to the first, with the weights that recorded them.',
  `static inline void ${name}_backward_step(`,
  [
    `${name}_adjoint *adjoint, const ${name}_backward_weights *weights, const ${name}_trace *trace, const float *dy,`,
    `float *dx, ${name}_parameters *gradients`,
  ],
  ');',
  '',
];

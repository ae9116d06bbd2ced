import {
  type Block,
  type Code,
  type Declaration,
  fold,
  javascript,
  type MapPlan,
  type Plan,
  type PlanStage,
  type Program,
  planFor,
  printExtent,
  signatureFile,
} from '@congruent/codegen';

const table = javascript({ round: 'Math.fround' });

/** Words of JavaScript, as far as the catalogue or an adjoint (`do`) has their names, and what is named here. */
const RESERVED = new Set(
  'class delete do export float for function in new return this typeof var while with row pow2'.split(' '),
);

/** Declarations of every kind for a program: its maps, forwards and backwards, and the functions that they call. */
export function sampleOf(program: Program): readonly Declaration[] {
  const { forward, backward, functions } = planFor(program, { reserved: RESERVED }, 'float32');
  return [
    { kind: 'import', names: ['pow2', 'type Row'], from: '../pow2.ts' },
    { kind: 'reexport', as: 'adjoint', from: './adjoint.ts', doc: 'The backward pass.' },
    { kind: 'reexport', as: 'other', from: './other.ts', doc: 'Several\nlines.' },
    { kind: 'reexport', as: 'more', from: './more.ts' },
    { kind: 'reexport', from: './all.ts' },
    { kind: 'type', name: 'Vector', type: 'Float32Array' },
    { kind: 'type', name: 'Weights', type: "Readonly<Record<'a' | 'b', Vector>>", exported: true, doc: 'Made once.' },
    ...signatureFile(program).declarations,
    {
      kind: 'constant',
      name: 'kernels',
      type: 'readonly string[]',
      doc: 'As text,\nwith lines of its own. \n \n  And a paragraph.',
      value: ['[', ['// The first.', '`\nfunction f(x) {\n    return x;\n}\n`,', "'g',"], ']'],
    },
    ...functions.map(
      ({ name, operand, definitions, ulp }): Declaration => ({
        kind: 'function',
        name,
        doc: `Within ${ulp} ulp.`,
        parameters: [{ name: operand, type: 'number' }],
        returns: 'number',
        body: [...linesOf(definitions), `return ${definitions.at(-1)!.name};`],
      }),
    ),
    ...[forward, backward].flatMap((plan) => [memoryOf(plan), passOf(plan)]),
  ];
}

function memoryOf(plan: Plan): Declaration {
  const properties = [...plan.weights, ...plan.scratch].map(({ name, width, holds }) => {
    return name === holds
      ? { name, type: 'Vector' }
      : { name, type: 'Vector', doc: `[${printExtent(width)}]: ${holds}` };
  });
  return { kind: 'interface', name: `${plan.direction}Memory`, exported: true, properties };
}

function passOf(plan: Plan): Declaration {
  const stages = [...plan.prepare, ...plan.phases.flatMap((phase) => phase.stages), ...plan.finish];
  const maps = stages.filter((stage: PlanStage): stage is MapPlan => stage.kind === 'map');
  return {
    kind: 'function',
    name: plan.direction,
    exported: true,
    parameters: [
      { name: '{ weights, scratch }', type: 'Memory' },
      { name: 'row', type: 'number' },
    ],
    returns: 'void',
    body: maps.flatMap((map, index) => (index > 0 ? ['', ...loopOf(map)] : loopOf(map))),
  };
}

function loopOf({ shape, loads, definitions, stores }: MapPlan): Block {
  const at = ({ buffer, offset }: MapPlan['loads'][number]['from']): string =>
    `${buffer.name}[${printExtent(offset)} + row]`;
  return [
    `for (let row = 0; row < ${shape.join(' * ') || '1'}; row++) {`,
    [
      ...loads.map(({ name, from }) => `const ${name} = ${at(from)}!;`),
      ...linesOf(definitions),
      ...stores.map(({ name, to }) => `${at(to)} = ${name};`),
    ],
    '}',
  ];
}

const linesOf = (definitions: MapPlan['definitions']): Block =>
  definitions.map(({ name, value, comment }) => {
    const { text }: Code = fold(value, table);
    return `const ${name} = ${text};${comment ? ` // ${comment}` : ''}`;
  });

import {
  type Block,
  type Buffer,
  type CopyPlan,
  type Declaration,
  type Plan,
  type PlanPhase,
  type PlanStage,
  type Plans,
  type Program,
  SUM_BLOCK,
  sum,
  type View,
} from '@congruent/codegen';
import { functionBody, functionDoc, functionName, hostFunctionName, inKernels, onHost } from './functions.ts';
import { arrays, hostStage } from './host.ts';
import { phaseKernels, sumKernel } from './kernel.ts';
import type { Constants } from './kernel-text.ts';
import { printLength } from './polynomial.ts';
import { type Dimensions, dimensionsOf } from './target.ts';
import { destructured, escaped, mentions, quoted } from './typescript.ts';

/** The kernels of a cell: its functions, and a pass in each direction. */
export function moduleOf(program: Program, plans: Plans): readonly Declaration[] {
  const { forward, backward, functions } = plans;
  const dimensions = dimensionsOf(plans);
  const tensors = program.cell.tensors.map(({ name }) => name);
  const [there, back] = [
    passOf(forward, tensors, dimensions, []),
    passOf(backward, tensors, dimensions, afterSteps(backward, tensors, dimensions)),
  ];
  const called = functions.filter(({ name }) => mentions([there, back], hostFunctionName(name)));
  const onces = called.map((each): Declaration => {
    const [name, parameters] = [hostFunctionName(each.name), [{ name: each.operand, type: 'number' }]];
    return {
      kind: 'function',
      name,
      doc: functionDoc(each),
      parameters,
      returns: 'number',
      body: functionBody(each, onHost),
    };
  });
  const calls = [there, back, called.flatMap((each) => functionBody(each, onHost))];
  const helpers = ['concatenate', 'interleave', 'multiply', 'outer', 'pow2', 'stack'].filter((name) =>
    mentions(calls, `${name}(?=\\()`),
  );
  const sources = functions.flatMap((each): Block => {
    const head = `function ${functionName(each.name)}(${each.operand}) {`;
    return [`// ${functionDoc(each)}`, '`', [head, functionBody(each, inKernels).map(escaped), '}'], '`,'];
  });
  return [
    { kind: 'import', names: ['GpuBackward', 'GpuKernels', 'GpuPass'], from: LIBRARY, typeOnly: true },
    ...(helpers.length > 0 ? [{ kind: 'import', names: helpers, from: LIBRARY } as const] : []),
    {
      kind: 'type',
      name: 'Dimension',
      type: quoted(dimensions.values()).slice(1, -1).replaceAll(',', ' |') || 'never',
    },
    constant('functions', 'The functions that kernels call.', 'readonly string[]', ['[', sources, ']']),
    ...onces,
    constant('forward', 'The forward pass.', 'GpuPass<Dimension>', there),
    constant('backward', 'The backward pass.', 'GpuBackward<Dimension>', back),
    { ...constant('kernels', 'The kernels.', 'GpuKernels', ['{ functions, forward, backward }']), exported: true },
  ];
}

/** What emitted code is given by the package. */
const LIBRARY = '@congruent/gpujs/define';

const constant = (name: string, doc: string, type: string, value: Block) =>
  ({ kind: 'constant', name, doc, type, value }) as const;

/** What both passes have, then more. */
function passOf(plan: Plan, tensors: readonly string[], dimensions: Dimensions, more: Block): Block {
  const names = (buffers: readonly Buffer[]): string => quoted(buffers.map(({ name }) => name));
  const { weights, prepare, inputs, carries, outputs, recorded, phases } = plan;
  const rows = new Map(prepare.flatMap((stage) => (stage.kind === 'pack' ? [[stage.to, stage.rows]] : [])));
  const given = plan.tensors.map(({ name }, at) => `const ${name} = parameters['${tensors[at]}'] as Float32Array;`);
  const read = new Set(phases.flatMap(({ stages }) => stages.flatMap(viewsReadBy)).map(({ buffer }) => buffer));
  const vectors = weights.filter((buffer) => read.has(buffer));
  const widths = vectors.map(({ width }) => width);
  const constants = new Map(vectors.map((buffer, index) => [buffer, sum(...widths.slice(0, index))]));
  const together = vectors.map(({ name }) => name).join(', ');
  const beside = `constants: { data: concatenate([${together}]), width: ${printLength(sum(...widths))} },`;
  const planes = weights.map((buffer) => {
    return `${buffer.name}: { data: ${buffer.name}, width: ${printLength(rows.get(buffer) ?? buffer.width)} },`;
  });
  const made = [...arrays(weights), ...hostCode(prepare), 'return {', [...planes, beside], '};'];
  return [
    '{',
    [
      ...method('prepare', ['parameters'], given, made, dimensions),
      `inputs: ${names(inputs)},`,
      `carries: ${names(carries)},`,
      `outputs: ${names(outputs)},`,
      `recorded: ${names(recorded)},`,
      'phases: [',
      phases.flatMap((phase) => phaseOf(phase, dimensions, constants)),
      '],',
      ...more,
    ],
    '}',
  ];
}

function phaseOf(phase: PlanPhase, dimensions: Dimensions, constants: Constants): Block {
  const { kind, records, stages } = phase;
  const copies = stages.filter((stage) => stage.kind === 'copy');
  const carried = copies.filter(({ to }) => to.buffer.rows === 'step').map(carriedItem);
  const each = copies.filter(({ to }) => to.buffer.rows === 'sequence').map(eachItem);
  const written = stages.flatMap((stage) => {
    if (stage.kind === 'map') return [stage.stores[0]!.to.buffer];
    return stage.kind === 'contract' ? [stage.result.buffer] : [];
  });
  const read = new Set(stages.flatMap(viewsReadBy).map(({ buffer }) => buffer));
  const given = [...read].filter((buffer) => buffer.rows === 'sequence' && !written.includes(buffer));
  const members = [
    `kind: '${kind}',`,
    ...(records ? ['records: true,'] : []),
    `read: ${quoted(given.map(({ name }) => name))},`,
    `kept: ${quoted(written.filter(({ rows }) => rows === 'sequence').map(({ name }) => name))},`,
    ...(kind === 'steps' ? [`carried: [${carried.join(', ')}],`, `each: [${each.join(', ')}],`] : []),
  ];
  return ['{', [...members, 'kernels: [', phaseKernels(phase, dimensions, constants), '],'], '},'];
}

function viewsReadBy(stage: PlanStage): readonly View[] {
  const joined = stage.kind === 'map' ? (stage.joined ?? []).flatMap(({ parts }) => parts) : [];
  const loads = stage.kind === 'map' ? [...stage.loads.map(({ from }) => from), ...joined] : [];
  const products = stage.kind === 'map' ? (stage.products ?? []) : stage.kind === 'contract' ? [stage] : [];
  return [...loads, ...products.flatMap(({ operand, parts = [operand], bias }) => (bias ? [...parts, bias] : parts))];
}

const carriedItem = ({ from, to }: CopyPlan): string => `{ name: '${to.buffer.name}', next: '${from.buffer.name}' }`;

const eachItem = ({ from, to }: CopyPlan): string =>
  `{ name: '${from.buffer.name}', rows: '${to.buffer.name}', records: ${to.buffer.space === 'residual'} }`;

/** The sums over all rows, and what follows from them. */
function afterSteps(plan: Plan, tensors: readonly string[], dimensions: Dimensions): Block {
  const { finish, weights, gradients, scratch } = plan;
  const stages = finish.filter((stage) => stage.kind === 'reduce').filter(({ over }) => over === 'sequence');
  const sums = new Map(stages.map((stage, index) => [stage, index === 0 ? 'sums' : `sums${index + 1}`]));
  const given = weights.map(({ name }) => `const ${name} = weights['${name}']!.data;`);
  const made = [...arrays([...gradients, ...scratch.filter(({ rows }) => rows === 'one')]), ...hostCode(finish, sums)];
  const members = gradients.map(({ name }, at) => `'${tensors[at]}': ${name},`);
  return [
    `sumBlock: ${SUM_BLOCK},`,
    'sums: [',
    stages.flatMap((stage) => sumKernel(stage, sums.get(stage)!, dimensions)),
    '],',
    ...method('gradients', ['sums', 'weights'], given, [...made, 'return {', members, '};'], dimensions),
  ];
}

const hostCode = (stages: readonly PlanStage[], sums: ReadonlyMap<PlanStage, string> = new Map()): Block =>
  stages.flatMap((stage) => hostStage(stage, sums));

/** A method of what is given, of which it takes those constants that its body reads, and the dimensions. */
function method(
  name: string,
  parameters: readonly string[],
  given: readonly string[],
  body: Block,
  dimensions: Dimensions,
): Block {
  const read = given.filter((line) => mentions(body, /^const (\w+)/.exec(line)![1]!));
  const lengths = [...dimensions.keys()].filter((local) => mentions(body, local));
  const others = parameters.map((each) => (mentions([read, body], each) ? each : `_${each}`));
  return [`${name}(${[...others, destructured(lengths, dimensions)].join(', ')}) {`, [...read, ...body], '},'];
}

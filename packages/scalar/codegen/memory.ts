import {
  type Block,
  type Buffer,
  type Declaration,
  type Parameter,
  type Plan,
  type Plans,
  type Property,
  printExtent,
} from '@congruent/codegen';
import { functionOf, typed, wordsIn, wordsOf } from './code.ts';
import type { Element } from './element.ts';
import { codeOf, perRow } from './stages.ts';

/** What the types and functions of each direction are called, and whose their memory is. */
const NAMES = {
  forwards: { weights: 'Weights', scratch: 'Scratch', prepare: 'prepare', makeScratch: 'scratch', of: '' },
  backwards: {
    weights: 'BackwardWeights',
    scratch: 'BackwardScratch',
    prepare: 'prepareBackward',
    makeScratch: 'backwardScratch',
    of: ' of the backward pass',
  },
} as const;

/** An element type, and what the lengths of a cell are called. */
export interface Setting extends Element {
  readonly lengths: Plans['lengths'];
}

/** The parameters that every function of a direction begins with. */
export const memoryParameters = ({ direction }: Plan): readonly Parameter[] => {
  const { weights, scratch } = NAMES[direction];
  return [...typed(weights, 'weights'), ...typed(scratch, 'scratch')];
};

/** The weights and the working memory of one direction: their types, and the functions that make them. */
export function memoryOf(plan: Plan, setting: Setting, users: readonly Declaration[]): readonly Declaration[] {
  const { weights, scratch, makeScratch, of } = NAMES[plan.direction];
  const words = wordsOf(users);
  const kept = plan.weights.filter(({ name }) => words.has(name));
  const packs = new Map(plan.prepare.flatMap((stage) => (stage.kind === 'pack' ? [[stage.to.name, stage]] : [])));
  const property = ({ name, rows, width, holds }: Buffer): Property => {
    const pack = packs.get(name);
    const shape = pack ? [pack.rows, pack.columns] : [...(rows === 'sequence' ? ['rows'] : []), width];
    return { name, type: pack ? 'Float64Array' : 'Vector', doc: `[${shape.map(printExtent).join(', ')}]: ${holds}` };
  };
  const members = plan.scratch.map((buffer) => `${buffer.name}: ${allocation(buffer, setting)},`);
  const parameters = [lengthsFor(members, setting), ...typed('number', 'rows')];
  const room = `Working memory${of} for sequences of up to \`rows\` rows.`;
  return [
    interfaceOf(weights, `The parameters in the order in which the products${of} read them.`, [
      ...typed('number', ...plan.dimensions),
      ...kept.map(property),
    ]),
    prepare(plan, setting, kept),
    interfaceOf(scratch, `Working memory${of}: of all rows, and of the row in hand.`, plan.scratch.map(property)),
    functionOf(room, makeScratch, parameters, scratch, ['return {', members, '};']),
  ];
}

const interfaceOf = (name: string, doc: string, properties: readonly Property[]) =>
  ({ kind: 'interface', name, doc, properties }) as const;

function prepare(plan: Plan, setting: Setting, kept: readonly Buffer[]): Declaration {
  const { prepare, weights } = NAMES[plan.direction];
  const packed = new Set(plan.prepare.map((stage) => (stage.kind === 'pack' ? stage.to : undefined)));
  const code = [
    ...plan.weights
      .filter((buffer) => !packed.has(buffer))
      .map((buffer) => `const ${buffer.name} = ${allocation(buffer, setting)};`),
    ...plan.prepare.flatMap((stage) => codeOf(stage, setting)),
  ];
  const words = wordsIn(code);
  const tensors = plan.tensors.map(({ name }) => (words.has(name) ? name : '')).join(', ');
  const some = /\w/.test(tensors) ? [`const [${tensors.replace(/[, ]+$/, '')}] = tensors;`] : [];
  const members = `{ ${[...plan.dimensions, ...kept.map(({ name }) => name)].join(', ')} }`;
  const doc = 'Once for the parameters: computes what depends on nothing else, and packs the matrix of each product.';
  const parameters = [...typed('Tensors', 'tensors'), lengthsFor([members], setting)];
  return functionOf(doc, prepare, parameters, weights, [...some, ...code, `return ${members};`]);
}

/** The residuals of a plan, or what is in their place in a cell that needs none. */
export const residualsOf = ({ residuals }: Plan): Pick<Buffer, 'name' | 'rows' | 'width' | 'holds'> =>
  residuals ?? { name: 'residuals', rows: 'one', width: 0, holds: 'none' };

/** The function that makes room for residuals. */
export function makeResiduals(plan: Plan, setting: Setting): Declaration {
  const residuals = residualsOf(plan);
  const code = [`return ${allocation(residuals, setting)};`];
  const doc = `Room for the residuals of \`rows\` rows: ${residuals.holds}.`;
  const parameters = [lengthsFor(code, setting), ...typed('number', 'rows')];
  return functionOf(doc, 'residuals', parameters, 'Vector', code);
}

/** The parameter for the dimensions that code uses. */
function lengthsFor(code: Block, { lengths }: Setting): Parameter {
  const words = wordsIn(code);
  const used = [...lengths].filter(([, length]) => words.has(length));
  // That of a called cell, `g1.H`, is no identifier.
  const members = used.map(([name, length]) => (name === length ? name : `'${name}': ${length}`));
  return { name: members.length > 0 ? `{ ${members.join(', ')} }` : 'dimensions', type: 'Dimensions' };
}

/** A new array for a buffer. */
const allocation = ({ rows, width }: Pick<Buffer, 'rows' | 'width'>, { array }: Element): string =>
  `new ${array}(${rows === 'one' ? printExtent(width) : perRow('rows', width)})`;

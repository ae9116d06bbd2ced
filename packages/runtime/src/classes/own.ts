import type { CellClass, LayerClass, OwnNames } from '../api/own.ts';
import type { Backend } from '../backend/backend.ts';
import type { Mode } from '../backend/engine.ts';
import { type CellSignature, type Dimensions, dimensionNames, operandsOf } from '../backend/signature.ts';
import { CongruentError } from '../errors.ts';
import { layerDimensions } from '../layers/shape.ts';
import { positive, type Rule, type Rules, resolve } from '../options/option-rules.ts';
import { COMMON_RULES, type LayerOptions, layerRules, type Resolved } from '../options/options.ts';
import { isRecurrent } from '../parameters/parameters.ts';
import { byName } from '../sequences/by-name.ts';
import { single } from '../sequences/form.ts';
import { shapeText, sizeOf } from '../tensor.ts';
import { cellClass } from './cell-class.ts';
import type { Definition } from './definition.ts';
import { layerClass } from './layer-class.ts';

/**
 * The class of the layers of a user's own cell.
 *
 * @param name  what its users write, e.g. `MinGru`
 */
export const defineLayer = <N extends OwnNames, M extends Mode = Mode, O = unknown, B = unknown>(
  backend: Backend<M, B>,
  name: string,
): LayerClass<N, M, O> =>
  layerClass({
    ...definition(backend, name, layerRules()),
    sizes(where, options, signature) {
      const sizes = sizesOf(where, options, signature);
      checkStack(where, options as Resolved<LayerOptions>, signature, sizes.dimensions);
      return sizes;
    },
  }) as LayerClass<N, M, O>;

/** The class of single steps of a user's own cell, e.g. `MinGruCell`. */
export const defineCell = <N extends OwnNames, M extends Mode = Mode, O = unknown, B = unknown>(
  backend: Backend<M, B>,
  name: string,
): CellClass<N, M, O> => cellClass(definition(backend, name, COMMON_RULES)) as CellClass<N, M, O>;

function definition<M extends Mode, B>(backend: Backend<M, B>, name: string, rules: Rules): Definition<M, B> {
  const names = dimensionNames(backend.signature);
  const fixed = names.length === 0;
  const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
  const sizes: Rule = {
    accepts: (value) => isObject(value) && !(fixed && Object.keys(value as object).length > 0),
    copy: (value) => Object.freeze({ ...(value as object) }),
    ...(fixed
      ? { fallback: {}, expected: 'left out, as the cell says all of its sizes in numbers' }
      : { expected: `an object of the cell's sizes, { ${names.join(', ')} }` }),
  };
  return {
    name,
    rules: { sizes, ...rules },
    defaults: fixed ? {} : undefined,
    backend,
    form: (values) => (values.length === 1 ? single : byName),
    cell: () => backend,
    sizes: sizesOf,
    options: (dimensions) => ({ sizes: Object.fromEntries(names.map((each) => [each, dimensions[each] ?? 1])) }),
  };
}

/** Every size by name; the width that initial parameters follow from is that of the first state, or else of the first input. */
function sizesOf(
  where: string,
  options: object,
  signature: CellSignature,
): { dimensions: Dimensions; bias: true; width: number } {
  const rules = Object.fromEntries(dimensionNames(signature).map((name) => [name, positive(`size ${name}`)]));
  const given = (options as { readonly sizes: object }).sizes;
  const dimensions = resolve(`${where}: sizes`, rules, given) as Record<string, number>;
  const [first] = operandsOf([...signature.states, ...signature.inputs], dimensions);
  return { dimensions, bias: true, width: sizeOf(first!.row) };
}

/**
 * Refuses layers and directions that the cell cannot have.
 *
 * @throws CONGRUENT_OPTION with the reason
 */
export function checkStack(
  where: string,
  { numLayers, bidirectional }: Pick<Resolved<LayerOptions>, 'numLayers' | 'bidirectional'>,
  signature: CellSignature,
  dimensions: Dimensions,
): void {
  if (numLayers === 1 && !bidirectional) return;
  const asked = numLayers > 1 ? `numLayers ${numLayers}` : 'bidirectional';
  const refuse = (reason: string): never => {
    throw new CongruentError(
      'CONGRUENT_OPTION',
      `${where}: ${asked} is not possible with the cell ${signature.name}: ${reason}. ` +
        `Leave the option out, or write a cell that says what the layers are to each other.`,
    );
  };
  const once = Object.keys(signature.parameters).find((layout) => !isRecurrent(signature, layout));
  if (signature.states.every(({ name }) => name.includes('.'))) {
    refuse(`it has no states of its own, so that its parameters${once ? `, such as ${once},` : ''} are there once`);
  }
  if (once) refuse(`it calls a cell that has no states, so that ${once} is there once`);
  if (numLayers === 1) return;
  if (signature.inputs.length > 1) {
    refuse(
      `a second layer would need its inputs ${signature.inputs.map(({ name }) => name).join(', ')}, and there is one output`,
    );
  }
  checkUpperLayers(signature, dimensions, numLayers, bidirectional ? 2 : 1, refuse);
}

/** Every layer's input must be as wide as the output below, and its states as wide as those below. */
function checkUpperLayers(
  signature: CellSignature,
  first: Dimensions,
  numLayers: number,
  directions: number,
  refuse: (reason: string) => never,
): void {
  const layers = layerDimensions(signature, first, numLayers, directions);
  const statesOf = (dimensions: Dimensions): string =>
    operandsOf(signature.states, dimensions)
      .map(({ name, row }) => `${name}${shapeText(row)}`)
      .join(', ');
  layers.slice(1).forEach((dimensions, at) => {
    const [below] = operandsOf(signature.outputs, layers[at]!);
    const [input] = operandsOf(signature.inputs, dimensions);
    const width = sizeOf(below!.row) * directions;
    if (sizeOf(input!.row) !== width) {
      refuse(
        `the output below is ${width} wide${directions === 2 ? ' with both directions' : ''}, its input ${input!.name} is ${sizeOf(input!.row)}`,
      );
    }
    if (statesOf(dimensions) !== statesOf(first)) {
      refuse(`with an input ${width} wide its states would be ${statesOf(dimensions)} and not ${statesOf(first)}`);
    }
  });
}

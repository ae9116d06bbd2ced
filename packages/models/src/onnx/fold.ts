import type { StoredTensor } from '@congruent/runtime';
import { shortened } from '../errors.ts';
import type { Budget } from './arrays.ts';
import { OPERATORS } from './operators.ts';
import { isONNX, type NodeSource, type Scope, type Source, sourceOf, titleOf } from './scope.ts';
import { MOST_DIMENSIONS } from './tensors.ts';

/** A value that is known before the model runs, or why it is not, as the rest of a sentence about it. */
export type Constant = { readonly tensor: StoredTensor } | { readonly why: string };

/** The values of graphs as far as they follow from constants; each is computed once. */
export type Folder = (scope: Scope, name: string) => Constant;

/** Exporters put weights together in a few steps; what has more is no weight. */
const MOST_STEPS = 100;

/**
 * Computes values of constants.
 *
 * @param budget  what the computed tensors may take; MODEL_UNSAFE where they take more
 */
export function folder(budget: Budget): Folder {
  const known = new Map<Source, Constant>();
  const resolve = (scope: Scope, name: string, steps: number): Constant => {
    const source = sourceOf(scope, name);
    if (!source) return { why: `is the value ${shortened(name)}, which nothing gives` };
    if (source.kind === 'constant') return { tensor: source.tensor };
    if (source.kind !== 'node') return { why: source.why };
    const before = known.get(source);
    if (before) return before;
    // What depends on itself meets this on its way back.
    known.set(source, { why: 'depends on itself' });
    const result = compute(source, source.node.output.indexOf(name), steps);
    known.set(source, result);
    return result;
  };
  const compute = ({ node, scope }: NodeSource, output: number, steps: number): Constant => {
    const what = titleOf(node);
    const operator = isONNX(node) && Object.hasOwn(OPERATORS, node.opType) ? OPERATORS[node.opType] : undefined;
    if (!operator) return { why: `is computed by ${what}` };
    if (steps === MOST_STEPS) return { why: `is computed in more than ${MOST_STEPS} steps` };
    const inputs: (StoredTensor | undefined)[] = [];
    for (const name of node.input) {
      const input = name === '' ? undefined : resolve(scope, name, steps + 1);
      if (input && 'why' in input) return input;
      inputs.push(input?.tensor);
    }
    const value = operator(node, inputs, budget, output);
    if (typeof value === 'string') return { why: `is computed by ${what}, which ${value}` };
    return value.shape.length > MOST_DIMENSIONS ? { why: 'has too many dimensions' } : { tensor: value };
  };
  return (scope, name) => resolve(scope, name, 0);
}

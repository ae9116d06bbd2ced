import { type CellIr, type Definition, type Expression, namesIn } from './ir.ts';

/** When a value is known: before everything, once the parameters are, once the inputs are, or only step by step. */
export type Region = 'constant' | 'parameter' | 'input' | 'state';

const ORDER: readonly Region[] = ['constant', 'parameter', 'input', 'state'];

/** The region of an expression: the latest of the names it reads. */
export type RegionOf = (expression: Expression) => Region;

/**
 * Finds the region of any expression over the cell's names and the given definitions, which are in order. The next
 * value of a state belongs to its step, whatever it is computed from.
 */
export function regionsOf(cell: CellIr, definitions: readonly Definition[]): RegionOf {
  const regions = new Map<string, Region>();
  for (const { name } of cell.parameters) regions.set(name, 'parameter');
  for (const { name } of cell.inputs) regions.set(name, 'input');
  for (const { name } of cell.states) regions.set(name, 'state');
  const regionOf: RegionOf = (expression) =>
    ORDER[Math.max(0, ...namesIn(expression).map((name) => ORDER.indexOf(regions.get(name) ?? 'constant')))]!;
  const outputs = new Set(cell.states.map(({ name }) => `${name}'`));
  for (const { name, value } of definitions) regions.set(name, outputs.has(name) ? 'state' : regionOf(value));
  return regionOf;
}

import { checkMatrices, checkNames, checkOutputs } from './check-cell.ts';
import type { Cell, Variable } from './checked-cell.ts';
import { splitColumns } from './columns.ts';
import { SpecError } from './error.ts';
import { inlineCells } from './instances.ts';
import { interpolate } from './interpolate.ts';
import { checkPackings, kernelTensors } from './packing.ts';
import { parseCell } from './parser.ts';
import { inferShapes } from './shapes.ts';
import { blocksOf, isPrimed, withoutPrime } from './syntax.ts';
import { dedent } from './text.ts';

export type { Cell, Variable } from './checked-cell.ts';

/**
 * A cell from its equations.
 *
 * Operands whose name comes back with a prime are states, the others inputs; results without a prime are outputs. Every
 * other free name is a parameter and stands in each layout once. Shapes follow from those of the operands, and from
 * those that equations state.
 *
 * @throws SpecError with line, caret and remedy; its codes are listed in error.ts
 * @example
 * const average = cell`
 *   average(x[H], h[H]) -> h'
 *   h' = a * h + (1 - a) * x     # exponential moving average
 *   layout torch
 *     weight = [a]
 * `;
 * @example
 * // An interpolated cell is called, one instance for each call, named after its equation; numbers are inserted.
 * const classifier = cell`
 *   classifier(x[I]) -> y
 *   g[${64}] = ${gru}(x)                        # parameters g.W_ir, …, state g.h
 *   y[O]     = W @ g + b
 *   layout torch
 *     weight = [W]   bias = [b]
 * `;
 */
export function cell(text: TemplateStringsArray, ...values: readonly (Cell | number)[]): Cell {
  const { raw } = Object(text) as { readonly raw?: readonly string[] };
  if (!Array.isArray(raw)) {
    throw noText(
      'cell is a tag, and was called as a function',
      'Write cell`…` without parentheses, or call defineCell.',
    );
  }
  const { text: joined, cells } = interpolate(raw, values);
  return defineCell(joined, cells);
}

/**
 * As the `cell` tag, from a string.
 *
 * @param cells  what `${name}(…)` calls, by name
 */
export function defineCell(text: string, cells: Readonly<Record<string, Cell>> = {}): Cell {
  if (typeof text !== 'string') throw noText('defineCell takes a text', 'Give the equations as a string.');
  const source = dedent(text);
  const written = parseCell(source);
  checkNames(source, written, cells);
  const { shapes: inferred, lengths } = inferShapes(source, written, cells);
  checkPackings(source, written.layouts, inferred);
  checkMatrices(source, written, inferred);
  const { syntax, shapes } = splitColumns(written, inferred);
  const results = new Set(syntax.results.map(({ name }) => name));
  const next = syntax.results.filter(({ name }) => isPrimed(name));
  const outputs = syntax.results.filter(({ name }) => !isPrimed(name));
  const variable = ({ name }: { readonly name: string }): Variable => ({ name, shape: shapes.get(name)! });
  const parameters = blocksOf(syntax.layouts.slice(0, 1)).map(variable);
  checkOutputs(source, outputs, shapes);
  const inlined = inlineCells(syntax, cells, lengths);
  const allParameters = [...parameters, ...inlined.parameters];
  return {
    name: syntax.name,
    source,
    inputs: syntax.operands.filter(({ name }) => !results.has(`${name}'`)).map(variable),
    states: [...next.map(({ name }) => variable({ name: withoutPrime(name) })), ...inlined.states],
    outputs: (outputs.length > 0 ? outputs : next.slice(0, 1)).map(variable),
    equations: inlined.equations,
    parameters: allParameters,
    layouts: inlined.layouts,
    tensors: kernelTensors(inlined.layouts[0], allParameters),
    instances: inlined.instances,
  };
}

const noText = (problem: string, remedy: string): SpecError =>
  new SpecError('SPEC_SYNTAX', '', { start: 0, end: 0 }, problem, remedy);

import { type Cell, calledValue, type Instance, type Variable } from './checked-cell.ts';
import { freshName, namesOf } from './names.ts';
import {
  blocksIn,
  type CellCall,
  type CellSyntax,
  type Equation,
  type Expression,
  isPrimed,
  type Layout,
  type Length,
  mapOperands,
  type PackedTensor,
  type Packing,
  type Shape,
  sumOfLengths,
  termsOf,
  withoutPrime,
} from './syntax.ts';

/** The lengths of a called cell's dimensions in one instance of it. */
export type InstanceLengths = ReadonlyMap<Length, Length>;

/** What calls add to a cell, and its equations with those of the cells that it calls in their places. */
export interface Inlined {
  readonly equations: readonly Equation[];
  readonly states: readonly Variable[];
  readonly parameters: readonly Variable[];
  readonly layouts: readonly Layout[];
  readonly instances: readonly Instance[];
}

/**
 * A cell without calls that computes the same. What belongs to an instance `g1` is called `g1.h`, `g1.W_ir`, …; only a
 * value that is no next state has the name of the call's equation.
 *
 * @param lengths  by the names of the equations that call a cell
 */
export function inlineCells(
  syntax: CellSyntax,
  cells: Readonly<Record<string, Cell>>,
  lengths: ReadonlyMap<string, InstanceLengths>,
): Inlined {
  const inliner = new Inliner(syntax, cells, lengths);
  for (const equation of syntax.equations) inliner.add(equation);
  const { equations, calls } = inliner;
  return {
    equations,
    states: calls.flatMap((call) => call.cell.states.map(call.variable)),
    parameters: calls.flatMap((call) => call.cell.parameters.map(call.variable)),
    layouts: layoutsOf(syntax.layouts, calls),
    instances: calls.flatMap(instancesOf),
  };
}

/** One call. */
interface Called {
  readonly instance: string;
  readonly cell: Cell;
  /** A state or a parameter of the called cell, as it is in this instance. */
  variable(of: Variable): Variable;
}

class Inliner {
  readonly equations: Equation[] = [];
  readonly calls: Called[] = [];
  private readonly cells: Readonly<Record<string, Cell>>;
  private readonly lengths: ReadonlyMap<string, InstanceLengths>;
  private readonly results: ReadonlySet<string>;
  private readonly taken: Set<string>;
  /** The next states that names of calls stand for. */
  private readonly values = new Map<string, string>();

  constructor(
    syntax: CellSyntax,
    cells: Readonly<Record<string, Cell>>,
    lengths: ReadonlyMap<string, InstanceLengths>,
  ) {
    this.cells = cells;
    this.lengths = lengths;
    this.results = new Set(syntax.results.map(({ name }) => name));
    this.taken = namesOf(syntax);
  }

  add({ expression, ...equation }: Equation<Expression | CellCall>): void {
    if (expression.kind === 'cell') this.inline(equation, expression);
    else this.equations.push({ ...equation, expression: renamed(expression, this.own) });
  }

  private readonly own = (name: string): string => this.values.get(name) ?? name;

  private inline(equation: Omit<Equation, 'expression'>, call: CellCall): void {
    const { name } = equation;
    const cell = this.cells[call.name]!;
    const instance = withoutPrime(name);
    const lengths = this.lengths.get(name)!;
    const length = (of: Length): Length => sumOfLengths(termsOf(of).map((term) => lengths.get(term) ?? term));
    const shapeOf = (shape: Shape): Shape => shape.map(length);
    const inputs = new Map(
      cell.inputs.map((input, at) => [input.name, this.operand(call.operands[at]!, `${input.name}_${instance}`)]),
    );
    const value = calledValue(cell)!.name;
    const within = (inner: string): string => {
      if (inner === value && !isPrimed(value)) return name;
      return inputs.get(inner) ?? `${instance}.${inner}`;
    };
    for (const inner of cell.equations) {
      this.equations.push({
        ...inner,
        name: within(inner.name),
        shape: inner.shape && shapeOf(inner.shape),
        expression: renamed(inner.expression, within),
        instance: inner.instance === undefined ? instance : `${instance}.${inner.instance}`,
      });
    }
    this.calls.push({
      instance,
      cell,
      variable: (of) => ({ name: `${instance}.${of.name}`, shape: shapeOf(of.shape) }),
    });
    if (!isPrimed(value)) return;
    this.values.set(name, within(value));
    if (!this.results.has(name)) return;
    this.equations.push({ ...equation, expression: { kind: 'name', name: within(value), span: call.span } });
  }

  /** The name of an operand; one that has none gets an equation. */
  private operand(expression: Expression, wish: string): string {
    const operand = renamed(expression, this.own);
    if (operand.kind === 'name') return operand.name;
    const name = freshName(wish, this.taken);
    this.equations.push({ name, shape: undefined, expression: operand, comment: undefined, span: operand.span });
    return name;
  }
}

const renamed = (expression: Expression, nameOf: (name: string) => string): Expression =>
  expression.kind === 'name'
    ? { ...expression, name: nameOf(expression.name) }
    : mapOperands(expression, (operand) => renamed(operand, nameOf));

/**
 * The cell's layouts, or where it has none those of the first cell it calls that has some. A called cell follows with
 * its layout of the same name, or else with its first.
 */
function layoutsOf(own: readonly Layout[], calls: readonly Called[]): readonly Layout[] {
  const some = own.length > 0 ? own : (calls.find(({ cell }) => cell.layouts.length > 0)?.cell.layouts ?? []);
  return some.map(({ name, span }) => {
    const layoutIn = (layouts: readonly Layout[]): Layout | undefined =>
      layouts.find((layout) => layout.name === name) ?? layouts[0];
    const called = calls.flatMap(({ instance, cell }) =>
      (layoutIn(cell.layouts)?.tensors ?? []).map((tensor) => ofInstance(tensor, instance)),
    );
    return { name, span, tensors: [...(layoutIn(own)?.tensors ?? []), ...called] };
  });
}

function ofInstance({ name, packing, span }: PackedTensor, instance: string): PackedTensor {
  const within = (part: Packing): Packing => {
    if (part.kind === 'block') return { ...part, name: `${instance}.${part.name}`, shape: undefined };
    if (part.kind === 'transposed') return { ...part, operand: within(part.operand) };
    return { ...part, parts: part.parts.map(within) };
  };
  const packed = within(packing);
  return { name: `${instance}.${name}`, packing: packed, blocks: blocksIn(packed), span };
}

/** An instance, then those inside it. */
function instancesOf({ instance, cell }: Called): readonly Instance[] {
  const recurrent = cell.states.some(({ name }) => !name.includes('.'));
  const inside = cell.instances.map((each) => ({ ...each, name: `${instance}.${each.name}` }));
  return [{ name: instance, cell, recurrent }, ...inside];
}

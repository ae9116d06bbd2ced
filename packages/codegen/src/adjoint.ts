import { inlineDefinitions, nameCalls } from './calls.ts';
import { regionsOf } from './dependence.ts';
import { partial, plus, times } from './derivative.ts';
import {
  type CellIr,
  constant,
  type Definition,
  type Expression,
  namesIn,
  namesOf,
  type Reference,
  reference,
} from './ir.ts';
import { Keeper } from './keep.ts';
import { Names, stemOf } from './names.ts';
import { alive, Scope } from './scope.ts';
import { productOf, readBy } from './stages.ts';

/**
 * The reverse-mode derivative of a cell: one step backwards, as IR. `dv` is the derivative of the loss with respect to
 * `v`, its adjoint.
 */
export interface Adjoint {
  /** The cell with a definition for each part that is kept. */
  readonly forward: CellIr;
  /** Values of the forward pass that are stored for each row. */
  readonly kept: readonly Reference[];
  /** The adjoint of the cell's output, given for each row. */
  readonly output: Reference;
  readonly states: readonly AdjointState[];
  /** For each row: what is computed again, then the adjoints, last those of the states and of the inputs. */
  readonly definitions: readonly Definition[];
  /**
   * What each row adds to the gradient of a parameter, or of a value of parameters alone: a name of `definitions`, or
   * the outer product of two.
   */
  readonly sums: readonly Definition[];
  /** Once all rows are summed: from the values of parameters alone to the parameters. */
  readonly finish: readonly Definition[];
  /** For each input and parameter, the name that holds its gradient. */
  readonly gradients: ReadonlyMap<string, string>;
  /** What each adjoint, by name, is the adjoint of; the total of a next state, incoming and of this step, has none. */
  readonly origins: ReadonlyMap<string, string>;
}

/** Backwards, a state's adjoint comes from the step after, `incoming`, and goes to the step before, `outgoing`. */
export interface AdjointState {
  readonly state: Reference;
  /** Read by definitions that work element by element alone, so that it need not outlive its step. */
  readonly incoming: Reference;
  readonly outgoing: Reference;
}

/** Differentiates a flat cell, whose products stand alone in their definitions. */
export function differentiate(cell: CellIr): Adjoint {
  const adjoint = new Differentiator(nameCalls(cell)).run();
  const { kept, definitions, sums, finish } = adjoint;
  // Of the names that calls got, those stay that are kept, or that are known once the parameters are.
  const again = new Set(definitions.map(({ name }) => name));
  const read = [...readBy([...definitions, ...sums, ...finish])].filter((name) => !again.has(name));
  const needed = new Set([...namesOf(cell), ...kept.map(({ name }) => name), ...read]);
  return { ...adjoint, forward: inlineDefinitions(adjoint.forward, needed) };
}

/** What one definition gives to the adjoint of a name that it reads. */
type Contribution =
  | { readonly kind: 'elementwise'; readonly adjoint: Reference; readonly slope: Expression }
  | { readonly kind: 'product'; readonly adjoint: Reference; readonly matrix: Reference }
  | { readonly kind: 'outer'; readonly adjoint: Reference; readonly vector: Expression };

class Differentiator {
  private readonly cell: CellIr;
  private readonly keeper: Keeper;
  private readonly names: Names;
  private readonly isEarly: (name: string) => boolean;
  private readonly isConstant: (name: string) => boolean;
  private readonly fromRows = new Map<string, Contribution[]>();
  private readonly fromParameters = new Map<string, Contribution[]>();
  private readonly rows: Scope;
  private readonly sums: Scope;
  private readonly finish: Scope;
  private readonly gradients = new Map<string, string>();
  private readonly origins = new Map<string, string>();
  /** The adjoints of next states, with all that contributes to them. */
  private readonly totals = new Set<string>();

  constructor(cell: CellIr) {
    this.cell = cell;
    this.keeper = new Keeper(cell);
    this.names = new Names(namesOf(cell));
    this.rows = new Scope(this.names);
    this.sums = new Scope(this.names);
    this.finish = new Scope(this.names);
    const regionOf = regionsOf(cell, cell.definitions);
    this.isConstant = (name) => regionOf(reference(name, [])) === 'constant';
    this.isEarly = (name) => regionOf(reference(name, [])) === 'parameter';
  }

  run(): Adjoint {
    const { cell, names } = this;
    const [first] = cell.states;
    const output = reference(names.fresh('dy'), first!.shape);
    const incoming = cell.states.map(({ name, shape }) =>
      this.named(`${name}'`, reference(names.fresh(`d${name}'`), shape)),
    );
    const backwards = [...cell.definitions].reverse().filter(({ name }) => !this.isConstant(name));
    for (const definition of backwards.filter(({ name }) => !this.isEarly(name))) {
      const state = cell.states.findIndex(({ name }) => `${name}'` === definition.name);
      const given = state < 0 ? [] : [incoming[state]!, ...(state === 0 ? [output] : [])];
      this.spread(definition, this.adjointOf(definition, given), this.fromRows);
    }
    const states = cell.states.map((state, index): AdjointState => {
      return { state, incoming: incoming[index]!, outgoing: this.leaf(state) };
    });
    for (const input of cell.inputs) this.gradients.set(input.name, this.leaf(input).name);
    this.finishParameters(backwards.filter(({ name }) => this.isEarly(name)));
    return this.result(output, states);
  }

  private result(output: Reference, states: readonly AdjointState[]): Adjoint {
    const { keeper } = this;
    const [sums, finish] = [this.sums.definitions, this.finish.definitions];
    const wanted = [...states.map(({ outgoing }) => outgoing.name), ...this.gradients.values()];
    const definitions = alive(
      [...keeper.recomputed, ...this.rows.definitions],
      [...wanted, ...readBy([...sums, ...finish])],
    );
    const read = readBy([...definitions, ...sums, ...finish]);
    return {
      forward: keeper.forward,
      kept: keeper.keeps.filter(({ name }) => read.has(name)),
      output,
      states,
      definitions,
      sums,
      finish,
      gradients: this.gradients,
      origins: this.origins,
    };
  }

  /** The adjoint of a definition: what was given, and what its readers contribute. */
  private adjointOf({ name, value }: Definition, given: readonly Reference[]): Reference {
    const sum = this.sum(name, value.shape, this.fromRows, given, this.rows);
    if (given.length === 0) return this.named(name, this.rows.add(`d${name}`, sum));
    const total = this.rows.define(`g_${stemOf(name)}`, sum);
    this.totals.add(total.name);
    return total;
  }

  /** Remembers what an adjoint is the adjoint of; one that serves several names, the first. */
  private named(origin: string, adjoint: Reference): Reference {
    if (!this.origins.has(adjoint.name) && !this.totals.has(adjoint.name)) this.origins.set(adjoint.name, origin);
    return adjoint;
  }

  /** The adjoint of a state or an input, always with a definition of its own. */
  private leaf({ name, shape }: Reference): Reference {
    return this.named(name, this.rows.define(`d${name}`, this.sum(name, shape, this.fromRows, [], this.rows)));
  }

  /** From the rows to values of parameters alone, and from those backwards to the parameters. */
  private finishParameters(early: readonly Definition[]): void {
    const { parameters } = this.cell;
    const forwards = early.toReversed().map(({ name, value }) => reference(name, value.shape));
    const terms = new Map([...forwards, ...parameters].map((of) => [of.name, this.rowTerms(of)]));
    const readEarly = readBy(early);
    const sums = new Map(
      [...terms].map(([name, some]) => {
        const wish = some.length === 1 && !readEarly.has(name) ? `d${name}` : `s_${name}`;
        return [name, some.map((term) => this.sums.share(wish, term))];
      }),
    );
    const adjointOf = (name: string, shape: Reference['shape']): Reference => {
      const given = sums.get(name)!;
      const value = this.sum(name, shape, this.fromParameters, given, this.finish);
      return this.named(name, this.finish.add(`d${name}`, value));
    };
    for (const definition of early) {
      this.spread(definition, adjointOf(definition.name, definition.value.shape), this.fromParameters);
    }
    for (const { name, shape } of parameters) this.gradients.set(name, adjointOf(name, shape).name);
  }

  /** What each row adds to the gradient of a parameter: names of rows, and outer products of two. */
  private rowTerms({ name, shape }: Reference): Expression[] {
    const contributions = this.fromRows.get(name) ?? [];
    const outers = contributions.filter(({ kind }) => kind === 'outer');
    const others = contributions.filter(({ kind }) => kind !== 'outer');
    const sumOf = (some: readonly Contribution[]): Expression =>
      this.sum(name, shape, new Map([[name, some]]), [], this.rows);
    const terms = outers.map((outer) => sumOf([outer]));
    return others.length > 0 ? [...terms, this.rows.add(`c_${name}`, sumOf(others))] : terms;
  }

  /** Element-wise contributions in the order they came, then all products as one. */
  private sum(
    name: string,
    shape: Reference['shape'],
    from: ReadonlyMap<string, readonly Contribution[]>,
    given: readonly Reference[],
    scope: Scope,
  ): Expression {
    const contributions = from.get(name) ?? [];
    const terms = contributions.flatMap((contribution): Expression[] => {
      if (contribution.kind === 'product') return [];
      const { adjoint } = contribution;
      if (contribution.kind === 'outer') return [{ kind: 'outer', left: adjoint, right: contribution.vector, shape }];
      const term = times(adjoint, contribution.slope);
      return [shape.length < term.shape.length ? { kind: 'total', operand: term, shape } : term];
    });
    const elementwise = [...given, ...terms].reduce(plus, constant(0));
    const products = contributions.filter((contribution) => contribution.kind === 'product').sort(this.byMatrix);
    if (products.length === 0) return elementwise.kind === 'constant' ? { ...elementwise, shape } : elementwise;
    const product: Expression = {
      kind: 'vecmat',
      vectors: products.map(({ adjoint }) => adjoint),
      matrices: products.map(({ matrix }) => matrix),
      shape,
    };
    return elementwise.kind === 'constant' ? product : plus(elementwise, scope.add(`p_${stemOf(name)}`, product));
  }

  /** The order in which the cell's parameters are stacked. */
  private readonly byMatrix = (a: { readonly matrix: Reference }, b: { readonly matrix: Reference }): number => {
    const index = ({ name }: Reference): number => this.cell.parameters.findIndex((other) => other.name === name);
    return index(a.matrix) - index(b.matrix);
  };

  /** Gives every name that a definition reads its part of the definition's adjoint. */
  private spread(definition: Definition, adjoint: Reference, to: Map<string, Contribution[]>): void {
    const give = (name: string, contribution: Contribution): void => {
      if (!this.isConstant(name)) to.set(name, [...(to.get(name) ?? []), contribution]);
    };
    const product = productOf(definition.value);
    if (product) {
      const { matrix, vector, bias } = product;
      give(vector.name, { kind: 'product', adjoint, matrix });
      give(matrix.name, { kind: 'outer', adjoint, vector: this.keeper.find(vector, definition) });
      if (bias) give(bias.name, { kind: 'elementwise', adjoint, slope: constant(1) });
      return;
    }
    for (const name of new Set(namesIn(definition.value))) {
      if (this.isConstant(name)) continue;
      const slope = partial(definition, name);
      if (slope.kind === 'constant' && slope.value === 0) continue;
      give(name, { kind: 'elementwise', adjoint, slope: this.keeper.find(slope, definition) });
    }
  }
}

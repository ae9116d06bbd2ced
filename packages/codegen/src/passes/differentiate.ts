import type { Shape } from '@congruent/spec';
import { alive, type Carry, type Definition, type FlatCell, namesOf, readBy } from '../ir/definition.ts';
import {
  binary,
  constant,
  isContraction,
  joinedShape,
  type MapExpression,
  namesIn,
  type Reference,
  reference,
} from '../ir/expression.ts';
import { Keys } from '../ir/keys.ts';
import { append } from '../ir/lists.ts';
import { Names, prefixed, stemOf } from '../ir/names.ts';
import { partial, plus, times } from './derivative.ts';
import { inlineDefinitions, nameCalls } from './name-calls.ts';
import { type Regions, regionsOf } from './regions.ts';
import { ResidualFinder } from './residuals.ts';
import { Scope } from './scope.ts';

/**
 * The reverse-mode derivative of a cell: one step backwards, as IR. `dv` is the derivative of the loss with respect to
 * `v`, its adjoint.
 */
export interface Adjoint {
  /** The cell with a definition for each part that is a residual. */
  readonly forward: FlatCell;
  /** Values of the forward pass that are stored for each row. */
  readonly residuals: readonly Reference[];
  /** The adjoints of the cell's outputs, given for each row. */
  readonly outputs: readonly Reference[];
  /** For each carry of the cell: backwards, the adjoint of its next value is given by the step after. */
  readonly carries: readonly Carry[];
  /** For each row: what is rematerialised, then the adjoints, last those of the states and of the inputs. */
  readonly definitions: readonly Definition[];
  /** What all rows add to the gradient of a parameter, or of a value of parameters alone; each is a `sum`. */
  readonly sums: readonly Definition[];
  /** Once all rows are summed: from the values of parameters alone to the parameters. */
  readonly finish: readonly Definition[];
  /** For each input and parameter, the name that holds its gradient. */
  readonly gradients: ReadonlyMap<string, string>;
  /** What each adjoint, by name, is the adjoint of; the total of a next state, given and of this step, has none. */
  readonly origins: ReadonlyMap<string, string>;
}

/** Differentiates a flat cell. */
export function differentiate(cell: FlatCell): Adjoint {
  const adjoint = new Differentiator(nameCalls(cell)).run();
  const { residuals, definitions, sums, finish } = adjoint;
  // Of the names that calls got, those stay that are residuals, or that are known once the parameters are.
  const again = new Set(definitions.map(({ name }) => name));
  const read = [...readBy([...definitions, ...sums, ...finish])].filter((name) => !again.has(name));
  const needed = new Set([...namesOf(cell), ...residuals.map(({ name }) => name), ...read]);
  return { ...adjoint, forward: inlineDefinitions(adjoint.forward, needed) };
}

/** A number as a vector of itself. */
function broadcast(value: MapExpression, shape: Shape): MapExpression {
  if (value.shape.length === shape.length) return value;
  return value.kind === 'constant'
    ? constant(value.value, shape)
    : binary<MapExpression>('*', value, constant(1, shape));
}

/** What one definition gives to the adjoint of a name that it reads. */
type Contribution =
  | { readonly kind: 'elementwise'; readonly adjoint: Reference; readonly slope: MapExpression }
  | { readonly kind: 'product'; readonly adjoint: Reference; readonly matrix: Reference }
  | { readonly kind: 'outer'; readonly adjoint: Reference; readonly vector: Reference };

/** A contribution, and the name it goes to. */
type Part = readonly [string, Contribution];

/** Contributions by the name they go to. */
type Contributions = Map<string, Contribution[]>;

class Differentiator {
  private readonly cell: FlatCell;
  private readonly finder: ResidualFinder;
  private readonly names: Names;
  private readonly regions: Regions;
  /** Where a matrix stands in the cell's parameters, the order in which they are stacked. */
  private readonly order: ReadonlyMap<string, number>;
  private readonly fromRows: Contributions = new Map();
  private readonly fromParameters: Contributions = new Map();
  private readonly rows: Scope;
  private readonly sums: Scope;
  private readonly finish: Scope;
  private readonly gradients = new Map<string, string>();
  private readonly origins = new Map<string, string>();
  /** The adjoints of next states, with all that contributes to them. */
  private readonly totals = new Set<string>();

  constructor(cell: FlatCell) {
    const keys = new Keys();
    this.cell = cell;
    this.finder = new ResidualFinder(cell, keys);
    this.names = new Names(namesOf(cell));
    this.rows = new Scope(this.names, keys);
    this.sums = new Scope(this.names, keys);
    this.finish = new Scope(this.names, keys);
    this.regions = regionsOf(cell);
    this.order = new Map(cell.parameters.map(({ name }, index) => [name, index]));
  }

  run(): Adjoint {
    const { cell, names, regions } = this;
    const outputs = cell.outputs.map(({ shape }) => reference(names.fresh('dy'), shape));
    const given = new Map<string, Reference[]>();
    const incoming = cell.carries.map(({ next: { name, shape } }) => {
      const adjoint = this.named(name, reference(names.fresh(prefixed('d', name)), shape));
      given.set(name, [adjoint]);
      return adjoint;
    });
    for (const [index, { name }] of cell.outputs.entries()) append(given, name, outputs[index]!);
    // What leads to nothing that a step gives, such as an output of a called cell that nothing reads, has no adjoint.
    const led = alive(
      cell.definitions,
      [...cell.outputs, ...cell.carries.map(({ next }) => next)].map(({ name }) => name),
    );
    const backwards = [...led].reverse().filter(({ name }) => !this.isConstant(name));
    const isEarly = ({ name }: Definition): boolean => regions.of(name) === 'parameter';
    for (const definition of backwards.filter((each) => !isEarly(each))) {
      this.spread(definition, this.adjointOf(definition, given.get(definition.name) ?? []), this.fromRows);
    }
    const carries = cell.carries.map((carry, index) => ({ given: incoming[index]!, next: this.leaf(carry.given) }));
    for (const input of cell.inputs) this.gradients.set(input.name, this.leaf(input).name);
    this.finishParameters(backwards.filter(isEarly));
    return this.result(outputs, carries);
  }

  private result(outputs: readonly Reference[], carries: readonly Carry[]): Adjoint {
    const { finder } = this;
    const gradients = [...this.gradients.values()];
    const finish = alive(this.finish.definitions, gradients);
    const sums = alive(this.sums.definitions, [...gradients, ...readBy(finish)]);
    const wanted = [...carries.map(({ next }) => next.name), ...gradients];
    const definitions = alive(
      [...finder.rematerialised, ...this.rows.definitions],
      [...wanted, ...readBy([...sums, ...finish])],
    );
    const read = readBy([...definitions, ...sums, ...finish]);
    return {
      forward: finder.forward,
      residuals: finder.residuals.filter(({ name }) => read.has(name)),
      outputs,
      carries,
      definitions,
      sums,
      finish,
      gradients: this.gradients,
      origins: this.origins,
    };
  }

  /** The adjoint of a definition: what was given, and what its readers contribute. */
  private adjointOf({ name, value }: Definition, given: readonly Reference[]): Reference {
    const sum = this.sum(reference(name, value.shape), this.fromRows, given, this.rows);
    if (given.length === 0) return this.named(name, this.rows.add(prefixed('d', name), sum));
    const total = this.rows.define(prefixed('g_', stemOf(name)), sum);
    this.totals.add(total.name);
    return total;
  }

  /** Remembers what an adjoint is the adjoint of; one that serves several names, the first. */
  private named(origin: string, adjoint: Reference): Reference {
    if (!this.origins.has(adjoint.name) && !this.totals.has(adjoint.name)) this.origins.set(adjoint.name, origin);
    return adjoint;
  }

  /** The adjoint of a state or an input, always with a definition of its own. */
  private leaf(of: Reference): Reference {
    return this.named(of.name, this.rows.define(prefixed('d', of.name), this.sum(of, this.fromRows, [], this.rows)));
  }

  /** From the rows to values of parameters alone, and from those backwards to the parameters. */
  private finishParameters(early: readonly Definition[]): void {
    const { parameters } = this.cell;
    const forwards = early.toReversed().map(({ name, value }) => reference(name, value.shape));
    const terms = new Map([...forwards, ...parameters].map((of) => [of.name, this.rowTerms(of)]));
    const readEarly = readBy(early);
    const sums = new Map(
      [...terms].map(([name, some]) => {
        const wish = some.length === 1 && !readEarly.has(name) ? prefixed('d', name) : prefixed('s_', name);
        return [name, some.map((term) => this.sums.share(wish, term))];
      }),
    );
    const adjointOf = (of: Reference): Reference => {
      const value = this.sum(of, this.fromParameters, sums.get(of.name)!, this.finish);
      return this.named(of.name, this.finish.add(prefixed('d', of.name), value));
    };
    for (const definition of early) {
      this.spread(definition, adjointOf(reference(definition.name, definition.value.shape)), this.fromParameters);
    }
    for (const parameter of parameters) this.gradients.set(parameter.name, adjointOf(parameter).name);
  }

  /** What each row adds to the gradient of a parameter: sums of rows, and of outer products of two. */
  private rowTerms(of: Reference): Definition['value'][] {
    const { name, shape } = of;
    const contributions = this.fromRows.get(name) ?? [];
    const outers = contributions.filter((each) => each.kind === 'outer');
    const others = contributions.filter((each) => each.kind !== 'outer');
    const terms: Definition['value'][] = outers.map(({ adjoint: left, vector: right }) => {
      return { kind: 'sum', left, right, shape };
    });
    if (others.length === 0) return terms;
    const left = this.rows.add(prefixed('c_', name), this.sum(of, new Map([[name, others]]), [], this.rows));
    return [...terms, { kind: 'sum', left, right: undefined, shape }];
  }

  /** Element-wise contributions in the order they came, then all products as one. */
  private sum(
    { name, shape }: Reference,
    from: Contributions,
    given: readonly Reference[],
    scope: Scope,
  ): Definition['value'] {
    const contributions = from.get(name) ?? [];
    const terms = contributions.flatMap((contribution): MapExpression[] => {
      if (contribution.kind === 'product') return [];
      const { adjoint } = contribution;
      if (contribution.kind === 'outer') {
        return [
          scope.add(prefixed('o_', stemOf(name)), { kind: 'sum', left: adjoint, right: contribution.vector, shape }),
        ];
      }
      const term = times(adjoint, contribution.slope);
      if (shape.length >= term.shape.length) return [term];
      return [
        scope.add(prefixed('t_', stemOf(name)), {
          kind: 'total',
          operand: scope.add(prefixed('e_', stemOf(name)), term),
          shape,
        }),
      ];
    });
    const elementwise = [...given, ...terms].reduce(plus, constant(0));
    const products = contributions.filter((contribution) => contribution.kind === 'product').sort(this.byMatrix);
    if (products.length === 0) return broadcast(elementwise, shape);
    const product = {
      kind: 'transposed',
      vectors: products.map(({ adjoint }) => adjoint),
      matrices: products.map(({ matrix }) => matrix),
      shape,
    } as const;
    return elementwise.kind === 'constant'
      ? product
      : plus(elementwise, scope.add(prefixed('p_', stemOf(name)), product));
  }

  private readonly byMatrix = (a: { readonly matrix: Reference }, b: { readonly matrix: Reference }): number =>
    this.order.get(a.matrix.name)! - this.order.get(b.matrix.name)!;

  /** Gives every name that a definition reads its part of the definition's adjoint. */
  private spread(definition: Definition, adjoint: Reference, to: Contributions): void {
    const scope = to === this.fromRows ? this.rows : this.finish;
    for (const [name, contribution] of this.contributionsOf(definition, adjoint, scope)) {
      if (!this.isConstant(name)) append(to, name, contribution);
    }
  }

  private contributionsOf({ name, value }: Definition, adjoint: Reference, scope: Scope): readonly Part[] {
    if (!isContraction(value)) return this.ofMap({ name, value }, adjoint);
    const slope = constant(1);
    switch (value.kind) {
      case 'product': {
        const { matrix, vector, bias } = value;
        return [
          [vector.name, { kind: 'product', adjoint, matrix }],
          [matrix.name, { kind: 'outer', adjoint, vector: this.finder.name(vector) }],
          ...(bias ? [[bias.name, { kind: 'elementwise', adjoint, slope }] as const] : []),
        ];
      }
      case 'total':
        return [[value.operand.name, { kind: 'elementwise', adjoint, slope }]];
      case 'join':
        return value.parts.flatMap(({ name: part, shape }, index): readonly Part[] => {
          if (this.isConstant(part)) return [];
          const [before = 0] = joinedShape(value.parts.slice(0, index));
          const slice = { kind: 'slice', operand: adjoint, before, shape } as const;
          return [[part, { kind: 'elementwise', adjoint: scope.add(`d${part}_${stemOf(name)}`, slice), slope }]];
        });
      case 'transposed':
      case 'slice':
      case 'sum':
        throw new TypeError(`${value.kind} has no derivative yet`);
      default:
        return value satisfies never;
    }
  }

  /** The chain rule for what is computed element by element. */
  private ofMap(definition: Definition<MapExpression>, adjoint: Reference): readonly Part[] {
    return [...namesIn(definition.value)].flatMap((name): readonly Part[] => {
      if (this.isConstant(name)) return [];
      const slope = partial(definition, name);
      if (slope.kind === 'constant' && slope.value === 0) return [];
      return [[name, { kind: 'elementwise', adjoint, slope: this.finder.find(slope, definition) }]];
    });
  }

  private isConstant(name: string): boolean {
    return this.regions.of(name) === 'constant';
  }
}

import { type Span, SpecError, type SpecErrorCode } from './error.ts';
import { functions } from './functions.ts';
import { parseCell } from './parser.ts';
import { inferShapes, type Shape } from './shapes.ts';
import {
  type CellSyntax,
  type Equation,
  type Expression,
  isPrimed,
  type Layout,
  namesIn,
  operandsOf,
  type Result,
  withoutPrime,
} from './syntax.ts';
import { dedent } from './text.ts';

export interface Variable {
  readonly name: string;
  readonly shape: Shape;
}

/** A recurrent cell, checked: what every later stage works from. */
export interface Cell {
  readonly name: string;
  /** The text, without the indentation of the program around it. */
  readonly source: string;
  readonly inputs: readonly Variable[];
  /** What is carried from step to step, in the order of the results; the next value of `h` is the equation `h'`. */
  readonly states: readonly Variable[];
  /** What a step gives, named as its equation: the results without a prime, or where there is none the first `h'`. */
  readonly outputs: readonly Variable[];
  readonly equations: readonly Equation[];
  /** In the order of the first layout. */
  readonly parameters: readonly Variable[];
  readonly layouts: readonly Layout[];
}

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
 */
export function cell(text: TemplateStringsArray): Cell {
  return defineCell(text.raw[0] ?? '');
}

/** As the `cell` tag, from a string. */
export function defineCell(text: string): Cell {
  const source = dedent(text);
  const syntax = parseCell(source);
  new Checker(source, syntax).run();
  const shapes = inferShapes(source, syntax.operands, syntax.equations);
  const results = new Set(syntax.results.map(({ name }) => name));
  const next = syntax.results.filter(({ name }) => isPrimed(name));
  const outputs = syntax.results.filter(({ name }) => !isPrimed(name));
  const variable = ({ name }: { readonly name: string }): Variable => ({ name, shape: shapes.get(name)! });
  const parameters = (syntax.layouts[0]?.tensors ?? []).flatMap(({ blocks }) => blocks.map(variable));
  checkStacks(source, syntax.layouts, shapes);
  checkMatrices(source, syntax, shapes);
  checkOutputs(source, outputs, shapes);
  return {
    name: syntax.name,
    source,
    inputs: syntax.operands.filter(({ name }) => !results.has(`${name}'`)).map(variable),
    states: next.map(({ name }) => variable({ name: withoutPrime(name) })),
    outputs: (outputs.length > 0 ? outputs : next.slice(0, 1)).map(variable),
    equations: syntax.equations,
    parameters,
    layouts: syntax.layouts,
  };
}

/** An output is a vector: numbers alone give nothing that a step could be asked for. */
function checkOutputs(source: string, outputs: readonly Result[], shapes: ReadonlyMap<string, Shape>): void {
  const odd = outputs.find(({ name }) => shapes.get(name)!.length === 0);
  if (!odd) return;
  const remedy = 'Give it a vector, or take it out of the results.';
  throw new SpecError('SPEC_SHAPE', source, odd.span, `output ${odd.name} is a number`, remedy);
}

/** Blocks stacked into one tensor must have one shape. */
function checkStacks(source: string, layouts: readonly Layout[], shapes: ReadonlyMap<string, Shape>): void {
  for (const { blocks } of layouts.flatMap(({ tensors }) => tensors)) {
    const shape = shapes.get(blocks[0]!.name)!.join(', ');
    const odd = blocks.find(({ name }) => shapes.get(name)!.join(', ') !== shape);
    if (!odd) continue;
    const problem = `${blocks[0]!.name} is [${shape}] and ${odd.name} is [${shapes.get(odd.name)!.join(', ')}]`;
    throw new SpecError('SPEC_SHAPE', source, odd.span, problem, 'Stack only parameters of one shape.');
  }
}

/** A matrix is a parameter, and stands alone on the left of `@`; everything else is a number or a vector. */
function checkMatrices(source: string, syntax: CellSyntax, shapes: ReadonlyMap<string, Shape>): void {
  const defined = new Set([...syntax.operands, ...syntax.equations].map(({ name }) => name));
  const remedy = 'Write `W @ v` with the name of a parameter for W.';
  const check = (expression: Expression): void => {
    if (expression.kind === 'name' && shapes.get(expression.name)!.length > 1) {
      const problem = `${expression.name} is a matrix [${shapes.get(expression.name)!.join(', ')}] outside a product`;
      throw new SpecError('SPEC_MATRIX', source, expression.span, problem, remedy);
    }
    if (expression.kind !== 'binary' || expression.operator !== '@') {
      operandsOf(expression).forEach(check);
      return;
    }
    const { left, right } = expression;
    if (left.kind !== 'name' || defined.has(left.name)) {
      throw new SpecError('SPEC_MATRIX', source, left.span, 'the left of @ is not a parameter', remedy);
    }
    check(right);
  };
  for (const { expression } of syntax.equations) check(expression);
}

/** The rules about names. */
class Checker {
  private readonly source: string;
  private readonly syntax: CellSyntax;
  private readonly operands: ReadonlySet<string>;
  private readonly equations: ReadonlyMap<string, Equation>;

  constructor(source: string, syntax: CellSyntax) {
    this.source = source;
    this.syntax = syntax;
    this.operands = new Set(syntax.operands.map(({ name }) => name));
    this.equations = new Map(syntax.equations.map((equation) => [equation.name, equation]));
  }

  run(): void {
    this.noDuplicates();
    this.functionsExist();
    this.resultsAssigned();
    this.nextStatesListed();
    this.namesDefinedBeforeUse();
    this.layoutsComplete();
    this.everythingUsed();
  }

  private noDuplicates(): void {
    const { operands, equations, results, layouts } = this.syntax;
    const spaces = [[...operands, ...equations], results, layouts, ...layouts.map(({ tensors }) => tensors)];
    for (const space of spaces) {
      const seen = new Set<string>();
      for (const { name, span } of space) {
        if (seen.has(name)) this.fail('SPEC_DUPLICATE_NAME', span, `${name} stands twice`, 'Rename or remove one.');
        seen.add(name);
      }
    }
  }

  private functionsExist(): void {
    const check = (expression: Expression): void => {
      operandsOf(expression).forEach(check);
      if (expression.kind !== 'call') return;
      if (!Object.hasOwn(functions, expression.name)) {
        const known = Object.keys(functions).join(', ');
        this.fail(
          'SPEC_UNKNOWN_FUNCTION',
          expression.span,
          `there is no function ${expression.name}`,
          `Known are: ${known}.`,
        );
      }
      if (expression.operands.length !== 1) {
        const got = expression.operands.length;
        this.fail(
          'SPEC_ARITY',
          expression.span,
          `${expression.name} takes 1 operand, got ${got}`,
          'Give it one operand.',
        );
      }
    };
    for (const { expression } of this.syntax.equations) check(expression);
  }

  private resultsAssigned(): void {
    for (const { name, span } of this.syntax.results) {
      if (isPrimed(name) ? !this.operands.has(withoutPrime(name)) : this.operands.has(name)) {
        const problem = `${name} is not the next value of an operand`;
        this.fail('SPEC_STATE_UNASSIGNED', span, problem, "Write it with a prime, e.g. h' for h.");
      }
      if (this.equations.has(name)) continue;
      const remedy = `Add an equation for ${name}.`;
      if (isPrimed(name)) {
        this.fail('SPEC_STATE_UNASSIGNED', span, `state ${withoutPrime(name)} is never assigned`, remedy);
      }
      this.fail('SPEC_OUTPUT_UNASSIGNED', span, `output ${name} has no equation`, remedy);
    }
  }

  private nextStatesListed(): void {
    const listed = new Set(this.syntax.results.map(({ name }) => name));
    for (const { name, span } of this.syntax.equations) {
      if (!isPrimed(name) || listed.has(name)) continue;
      this.fail(
        'SPEC_STATE_UNLISTED',
        span,
        `${name} is no result of the cell`,
        `List ${name} after ->, or rename it.`,
      );
    }
  }

  private namesDefinedBeforeUse(): void {
    const listed = new Set(this.stacked().map(({ name }) => name));
    const defined = new Set(this.operands);
    for (const equation of this.syntax.equations) {
      for (const { name, span } of namesIn(equation.expression)) {
        if (defined.has(name) || listed.has(name)) continue;
        if (this.equations.has(name)) {
          this.fail(
            'SPEC_USED_BEFORE_DEFINED',
            span,
            `${name} is used before its equation`,
            `Move the equation for ${name} up.`,
          );
        }
        const remedy = 'Define it above, or list it in a layout to make it a parameter.';
        this.fail('SPEC_UNDECLARED_NAME', span, `${name} is no operand, equation or parameter`, remedy);
      }
      defined.add(equation.name);
    }
  }

  private layoutsComplete(): void {
    const parameters = new Set(this.stacked().map(({ name }) => name));
    for (const { name: layout, tensors, span } of this.syntax.layouts) {
      const seen = new Set<string>();
      for (const block of tensors.flatMap(({ blocks }) => blocks)) {
        if (this.operands.has(block.name) || this.equations.has(block.name)) {
          this.fail('SPEC_DUPLICATE_NAME', block.span, `${block.name} is no parameter`, 'Rename the parameter.');
        }
        if (seen.has(block.name)) {
          this.fail(
            'SPEC_LAYOUT_REPEATED',
            block.span,
            `layout ${layout} repeats ${block.name}`,
            'List each parameter once.',
          );
        }
        seen.add(block.name);
      }
      const missing = [...parameters].filter((name) => !seen.has(name));
      if (missing.length > 0) {
        this.fail(
          'SPEC_LAYOUT_MISSING',
          span,
          `layout ${layout} misses ${missing.join(', ')}`,
          'List each parameter once.',
        );
      }
    }
  }

  private everythingUsed(): void {
    const used = new Set(
      this.syntax.equations.flatMap(({ expression }) => namesIn(expression).map(({ name }) => name)),
    );
    for (const { name, span } of this.stacked()) {
      if (!used.has(name))
        this.fail('SPEC_UNUSED_PARAMETER', span, `no equation uses ${name}`, `Use ${name}, or take it out.`);
    }
    for (const { name, span } of this.syntax.operands) {
      if (!used.has(name))
        this.fail('SPEC_UNUSED_INPUT', span, `no equation uses ${name}`, `Use ${name}, or take it out.`);
    }
    const results = new Set(this.syntax.results.map(({ name }) => name));
    for (const { name, span } of this.syntax.equations) {
      if (used.has(name) || results.has(name)) continue;
      this.fail('SPEC_UNUSED_EQUATION', span, `nothing uses ${name}`, `Use ${name}, or take the equation out.`);
    }
  }

  private stacked(): readonly { readonly name: string; readonly span: Span }[] {
    return this.syntax.layouts.flatMap(({ tensors }) => tensors.flatMap(({ blocks }) => blocks));
  }

  private fail(code: SpecErrorCode, span: Span, problem: string, remedy: string): never {
    throw new SpecError(code, this.source, span, problem, remedy);
  }
}

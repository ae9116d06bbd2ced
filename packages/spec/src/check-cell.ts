import { type Cell, calledValue } from './checked-cell.ts';
import { type Span, SpecError, type SpecErrorCode } from './error.ts';
import { functions, operations } from './functions.ts';
import { isCell } from './interpolate.ts';
import {
  type Block,
  blocksOf,
  type CellCall,
  type CellSyntax,
  type Equation,
  type Expression,
  isPrimed,
  namesIn,
  operandsOf,
  type Packing,
  REDUCTIONS,
  type Result,
  type Shape,
  withoutPrime,
} from './syntax.ts';

/**
 * Holds a cell to the rules about names.
 *
 * @param cells  what it may call, by name
 */
export const checkNames = (source: string, syntax: CellSyntax, cells: Readonly<Record<string, Cell>>): void =>
  new NameRules(source, syntax, cells).check();

/** The first sum in a tensor of a layout. */
function sumIn(packing: Packing): Packing | undefined {
  if (packing.kind === 'block') return undefined;
  if (packing.kind === 'sum') return packing;
  const parts = packing.kind === 'transposed' ? [packing.operand] : packing.parts;
  return parts.map(sumIn).find((sum) => sum !== undefined);
}

/** An output is a vector: numbers alone give nothing that a step could be asked for. */
export function checkOutputs(source: string, outputs: readonly Result[], shapes: ReadonlyMap<string, Shape>): void {
  const odd = outputs.find(({ name }) => shapes.get(name)!.length === 0);
  if (!odd) return;
  const remedy = 'Give it a vector, or take it out of the results.';
  throw new SpecError('SPEC_SHAPE', source, odd.span, `output ${odd.name} is a number`, remedy);
}

/** A matrix is a parameter, and stands alone on the left of `@`; everything else is a number or a vector. */
export function checkMatrices(source: string, syntax: CellSyntax, shapes: ReadonlyMap<string, Shape>): void {
  const defined = new Set([...syntax.operands, ...syntax.equations].map(({ name }) => name));
  const remedy = 'Write `W @ v` with the name of a parameter for W.';
  const check = (expression: Expression | CellCall): void => {
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

class NameRules {
  private readonly source: string;
  private readonly syntax: CellSyntax;
  private readonly blocks: readonly Block[];
  private readonly operands: ReadonlySet<string>;
  private readonly equations: ReadonlyMap<string, Equation<Expression | CellCall>>;
  private readonly cells: Readonly<Record<string, Cell>>;

  constructor(source: string, syntax: CellSyntax, cells: Readonly<Record<string, Cell>>) {
    this.source = source;
    this.cells = cells;
    this.syntax = syntax;
    this.blocks = blocksOf(syntax.layouts);
    this.operands = new Set(syntax.operands.map(({ name }) => name));
    this.equations = new Map(syntax.equations.map((equation) => [equation.name, equation]));
  }

  check(): void {
    this.noDuplicates();
    this.functionsExist();
    this.cellsExist();
    this.resultsAssigned();
    this.nextStatesListed();
    this.namesDefinedBeforeUse();
    this.layoutsComplete();
    this.firstLayoutApart();
    this.everythingUsed();
  }

  private noDuplicates(): void {
    const { operands, equations, results, layouts } = this.syntax;
    for (const { name, span } of equations) {
      if (!this.operands.has(name)) continue;
      const remedy = `Rename the equation, or write ${name}' for the next value of ${name}.`;
      this.fail('SPEC_DUPLICATE_NAME', span, `${name} is an operand`, remedy);
    }
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
    const check = (expression: Expression | CellCall): void => {
      operandsOf(expression).forEach(check);
      if (expression.kind !== 'call') return;
      const known = [...Object.keys({ ...functions, ...operations }), ...REDUCTIONS];
      if (!known.includes(expression.name)) {
        this.fail(
          'SPEC_UNKNOWN_FUNCTION',
          expression.span,
          `there is no function ${expression.name}`,
          `Known are: ${known.join(', ')}.`,
        );
      }
      const [takes, got] = [operations[expression.name] ?? 1, expression.operands.length];
      if (got !== takes) {
        const operands = takes === 1 ? '1 operand' : `${takes} operands`;
        const problem = `${expression.name} takes ${operands}, got ${got}`;
        this.fail('SPEC_ARITY', expression.span, problem, `Give it ${operands}.`);
      }
    };
    for (const { expression } of this.syntax.equations) check(expression);
  }

  private cellsExist(): void {
    for (const { expression } of this.syntax.equations) {
      if (expression.kind !== 'cell') continue;
      const { name, operands, span } = expression;
      const called = Object.hasOwn(this.cells, name) ? this.cells[name] : undefined;
      if (!isCell(called)) {
        const remedy = `Interpolate it, \`y = \${${name}}(x)\`, or give it by name: defineCell(text, { ${name} }).`;
        this.fail('SPEC_UNKNOWN_CELL', span, `there is no cell ${name}`, remedy);
      }
      if (operands.length !== called.inputs.length) {
        const inputs = called.inputs.map((input) => input.name).join(', ');
        const [expected, got] = [counted(called.inputs, 'input'), counted(operands, 'operand')];
        const problem = `${name} has ${expected}, got ${got}`;
        this.fail('SPEC_ARITY', span, problem, `Give it its inputs, in order: ${inputs}.`);
      }
      if (calledValue(called)) continue;
      const outputs = called.outputs.map((output) => output.name).join(', ');
      const problem = `${name} has no state and several outputs, ${outputs}: which is its value?`;
      this.fail('SPEC_CELL_VALUE', span, problem, 'Make it a cell for each output.');
    }
  }

  private resultsAssigned(): void {
    for (const { name, span } of this.syntax.results) {
      if (isPrimed(name) && !this.operands.has(withoutPrime(name))) {
        const remedy = `List ${withoutPrime(name)} with its shape among the operands, or take the prime away.`;
        this.fail('SPEC_STATE_UNASSIGNED', span, `${name} is the next value of no operand`, remedy);
      }
      if (this.operands.has(name)) {
        const remedy = `Write ${name}' for its next value, or name an output of its own, y = ${name}.`;
        this.fail('SPEC_STATE_UNASSIGNED', span, `${name} is an operand, not a result`, remedy);
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
    const listed = new Set(this.blocks.map(({ name }) => name));
    const defined = new Set(this.operands);
    for (const equation of this.syntax.equations) {
      for (const { name, span } of namesIn(equation.expression)) {
        if (defined.has(name) || listed.has(name)) continue;
        if (this.equations.has(name)) this.usedBefore(name, span, equation.name);
        const remedy = 'Define it above, or list it in a layout to make it a parameter.';
        this.fail('SPEC_UNDECLARED_NAME', span, `${name} is no operand, equation or parameter`, remedy);
      }
      defined.add(equation.name);
    }
  }

  /** Moving an equation up helps where it does not need the one that reads it. */
  private usedBefore(name: string, span: Span, reader: string): never {
    const code = 'SPEC_USED_BEFORE_DEFINED';
    if (!this.reads(name, reader)) {
      this.fail(code, span, `${name} is used before its equation`, `Move the equation for ${name} up.`);
    }
    const remedy = isPrimed(name)
      ? `Read ${withoutPrime(name)}, the value of the step before.`
      : `Make ${name} a state, and read its value of the step before.`;
    this.fail(code, span, name === reader ? `${name} needs itself` : `${name} and ${reader} need each other`, remedy);
  }

  /** Whether an equation is another one, or reads it through whatever others. */
  private reads(name: string, other: string): boolean {
    const read = new Set([name]);
    for (const each of read) {
      const equation = this.equations.get(each);
      for (const inside of equation ? namesIn(equation.expression) : []) read.add(inside.name);
    }
    return read.has(other);
  }

  private layoutsComplete(): void {
    const parameters = new Set(this.blocks.map(({ name }) => name));
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

  /** A state dict and gradients are in the first layout, where a sum would not say what its parts are. */
  private firstLayoutApart(): void {
    const [first] = this.syntax.layouts;
    for (const { packing } of first?.tensors ?? []) {
      const sum = sumIn(packing);
      if (!sum) continue;
      const remedy = 'Give the cell a layout before it that has each parameter for itself.';
      this.fail('SPEC_LAYOUT_SUM', sum.span, `layout ${first!.name}, the first, adds parameters up`, remedy);
    }
  }

  private everythingUsed(): void {
    const used = new Set(
      this.syntax.equations.flatMap(({ expression }) => namesIn(expression).map(({ name }) => name)),
    );
    for (const { name, span } of this.blocks) {
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

  private fail(code: SpecErrorCode, span: Span, problem: string, remedy: string): never {
    throw new SpecError(code, this.source, span, problem, remedy);
  }
}

const counted = ({ length }: readonly unknown[], what: string): string => `${length} ${what}${length === 1 ? '' : 's'}`;

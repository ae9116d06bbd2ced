import {
  type Block,
  type Buffer,
  type Extent,
  Names,
  product,
  SUM_BLOCK,
  sizeOf,
  sum,
  type View,
} from '@congruent/codegen';
import { dimensionsIn, type Polynomial, plus, polynomial, printPolynomial } from './polynomial.ts';
import type { Dimensions } from './target.ts';
import { escaped, lengthFunction, quoted } from './typescript.ts';

/** Lines that have to stand before, and what then are the terms of sums, or the value. */
type Lines = { readonly lines: readonly string[] };

/** Where vectors of weights lie in one plane, as a kernel cannot read many: WebGPU guarantees 8 buffers for one. */
export type Constants = ReadonlyMap<Buffer, Extent>;

/** The body of a kernel as it is written, and what it reads. */
export class KernelText {
  readonly lines: string[] = [];
  /** Names, where those of the plan are taken. */
  readonly names: Names;
  private readonly planes = new Set<string>();
  private readonly lengths = new Set<string>();
  private readonly numbers = new Set<string>();
  private readonly head: string[] = [];
  private readonly rowOf: (buffer: Buffer) => string;
  private readonly constants: Constants;
  private loops = 0;

  /**
   * @param taken  every name that the plan has in this kernel
   * @param rowOf  the row in hand in a buffer
   */
  constructor(taken: readonly string[], rowOf: (buffer: Buffer) => string, constants: Constants) {
    this.names = new Names(taken);
    this.rowOf = rowOf;
    this.constants = constants;
  }

  /** A whole number that is no dimension, or a row that such a number is part of. */
  number(text: string): string {
    for (const name of ['first', 'batch', 'rows']) if (text.split(' ').includes(name)) this.numbers.add(name);
    return text;
  }

  /** A number of elements, added to an index where one is given. */
  length(extent: Extent, index?: string): string {
    return this.print(polynomial(extent), index);
  }

  /** This thread's element of a value, in the row in hand or the one given. */
  element({ buffer, offset, shape }: View, row?: string): string {
    const start = this.constants.get(buffer);
    const column = this.length(sum(start ?? 0, offset), shape.length === 0 ? undefined : 'j');
    return this.at(start === undefined ? buffer : { ...buffer, name: 'constants' }, column, row);
  }

  /** An element of a plane. */
  at(buffer: Buffer, column: string, row: string = this.rowOf(buffer)): string {
    this.planes.add(buffer.name);
    return `${buffer.name}[${this.number(row)}][${column}]`;
  }

  /**
   * Sums of terms, each over a block of them at a time. gpu.js declares all variables of a kernel in one scope.
   *
   * @param term  the terms at an index, and what stands before them
   */
  sums(
    length: string,
    sums: readonly string[],
    term: (at: string) => Lines & { readonly terms: readonly string[] },
  ): void {
    const suffix = this.loops++ === 0 ? '' : `${this.loops}`;
    const [start, k] = [this.names.fresh(`start${suffix}`), this.names.fresh(`k${suffix}`)];
    const parts = sums.map((name) => this.names.fresh(`part_${name}`));
    const { lines, terms } = term(`${start} + ${k}`);
    this.lines.push(
      ...sums.map((name) => `let ${name} = 0;`),
      `for (let ${start} = 0; ${start} < ${this.number(length)}; ${start} += ${SUM_BLOCK}) {`,
      ...parts.map((part) => `  let ${part} = 0;`),
      `  for (let ${k} = 0; ${k} < ${SUM_BLOCK}; ${k}++) {`,
      `    if (${start} + ${k} >= ${length}) break;`,
      ...lines.map((line) => `    ${line}`),
      ...parts.map((part, index) => `    ${part} += ${terms[index]};`),
      '  }',
      ...sums.map((name, index) => `  ${name} += ${parts[index]};`),
      '}',
    );
  }

  /** Element `index` of values one below the other: where it lies depends on which of them it belongs to. */
  stacked(views: readonly View[], index: string, wish: string, row?: string): Lines & { readonly value: string } {
    const runs = runsOf(views);
    const reads = runs.map(({ buffer, shift }) => this.at(buffer, this.print(shift, index), row));
    if (reads.length === 1) return { lines: [], value: reads[0]! };
    const variable = this.names.fresh(wish);
    const branches = reads.map((read, number) => {
      const next = runs[number + 1];
      return `${next ? `if (${index} < ${this.print(next.start)}) ` : ''}{\n  ${variable} = ${read};\n}`;
    });
    return { lines: [`let ${variable} = 0;`, ...branches.join(' else ').split('\n')], value: variable };
  }

  /** Returns this thread's element of values of one length side by side. */
  give(values: readonly string[], length: Extent): void {
    values.slice(1).forEach((_, index) => {
      this.head.push(`if (j >= ${this.length(length)}) j = ${this.length(product(-1, length), 'j')};`);
      this.lines.push(`if (this.thread.x < ${this.length(product(index + 1, length))}) return ${values[index]};`);
    });
    this.lines.push(`return ${values.at(-1)};`);
  }

  /** The kernel as an element of an array; `height`: rows of a sum over all rows. */
  kernel(doc: string, { name, width }: Pick<Buffer, 'name' | 'width'>, dimensions: Dimensions, height?: Extent): Block {
    const { planes, lengths, numbers, head, lines } = this;
    const j = head.length > 0 ? 'let j = this.thread.x; // in its part of the row' : 'const j = this.thread.x;';
    const body = [j, ...head, 'const row = this.thread.y + this.thread.z * this.output.y;', ...lines.map(escaped)];
    const parameters = [...planes, ...lengths, ...numbers];
    const members = [
      `result: '${name}',`,
      `width: ${lengthFunction(width, dimensions)},`,
      ...(height === undefined ? [] : [`height: ${lengthFunction(height, dimensions)},`]),
      `planes: ${quoted(planes)},`,
      `dimensions: ${quoted([...lengths].map((local) => dimensions.get(local)!))},`,
      `numbers: ${quoted(numbers)},`,
      'source: `',
    ];
    return [`// ${doc}`, '{', [...members, [`function ${name}(${parameters.join(', ')}) {`, body, '}'], '`,'], '},'];
  }

  private print(sum: Polynomial, to?: string): string {
    for (const dimension of dimensionsIn(sum)) this.lengths.add(dimension);
    return printPolynomial(sum, to);
  }
}

/** Values that lie in one plane as they do one below the other. */
interface Run {
  readonly buffer: Buffer;
  /** The elements above the first. */
  readonly start: Polynomial;
  /** How much further an element lies than its number among all says. */
  readonly shift: Polynomial;
}

/** Values one below the other, as few runs as possible. */
function runsOf(views: readonly View[]): readonly Run[] {
  const runs: Run[] = [];
  let start: Polynomial = new Map();
  for (const { buffer, offset, shape } of views) {
    const shift = plus(polynomial(offset), start, -1);
    const last = runs.at(-1);
    if (last?.buffer !== buffer || plus(last.shift, shift, -1).size > 0) runs.push({ buffer, start, shift });
    start = plus(start, polynomial(sizeOf(shape)));
  }
  return runs;
}

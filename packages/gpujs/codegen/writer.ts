import {
  type Definition,
  identifier,
  namesIn,
  type ProductStage,
  type Reference,
  SUM_BLOCK,
  type TransposedStage,
} from '@congruent/codegen';
import type { Shape } from '@congruent/spec';
import { renderDefinition } from './expression.ts';
import { extent, type Place, type Places, runsOf, shifted } from './places.ts';

/** One block of a stacked product: the name of its sum, and the dimensions before its first row. */
export interface Block {
  readonly name: string;
  readonly offset: readonly string[];
}

/** The variables of a loop over blocks. */
interface Loop {
  readonly length: string;
  readonly start: string;
  readonly k: string;
}

/** Writes the body of a kernel and notes what the kernel reads. */
export class Writer {
  readonly planes: string[] = [];
  readonly numbers: string[] = [];
  readonly lines: string[] = [];
  private readonly head: string[] = [];
  private loops = 0;
  private readonly places: Places;
  private readonly sequenceRow: string;

  /** @param sequenceRow  where row `row` of the rows in hand lies among the rows of all steps */
  constructor(places: Places, sequenceRow: 'row' | 'first + row') {
    this.places = places;
    this.sequenceRow = sequenceRow;
  }

  /** Notes a whole number that the kernel reads. */
  number(name: string): void {
    if (!this.numbers.includes(name)) this.numbers.push(name);
  }

  /** This thread's element of a value. */
  element({ plane, rows, offset, shape }: Place): string {
    const start = extent(offset, '');
    this.dimensions(offset);
    const column = shape.length === 0 ? '0' : start ? `${start} + j` : 'j';
    return `${this.row(plane, rows)}[${column}]`;
  }

  /** The elements that definitions read, then the definitions. */
  define(definitions: readonly Definition[], computed: ReadonlySet<string>): void {
    const own = new Set(definitions.map(({ name }) => name));
    const reads = new Set(definitions.flatMap(({ value }) => namesIn(value)));
    for (const name of reads) {
      if (own.has(name) || computed.has(name)) continue;
      this.lines.push(`const ${identifier(name)} = ${this.element(this.places.get(name)!)};`);
    }
    this.lines.push(...definitions.map(renderDefinition));
  }

  /** The sums of a product's blocks. */
  sums(blocks: readonly Block[], { operand }: ProductStage, matrix: string): void {
    const columns = operand.shape[0]!;
    const { at, ...loop } = this.loop(columns);
    this.number(columns);
    this.plane(matrix);
    const { plane, rows, offset: first } = this.places.get(operand.name)!;
    this.dimensions(first);
    const vector = identifier(operand.name);
    const element = ({ offset }: Block): string => {
      this.dimensions(offset);
      const above = extent(offset, '');
      return `${matrix}[${at}][${above ? `${above} + j` : 'j'}]`;
    };
    this.summed(
      loop,
      blocks.map(({ name }) => name),
      [`const ${vector}_k = ${this.row(plane, rows)}[${shifted(at, first, [])}];`],
      blocks.map((block) => `${element(block)} * ${vector}_k`),
    );
  }

  /** The sum of vectors one below the other times a transposed matrix. */
  transposed({ name, vectors }: TransposedStage, matrix: string): void {
    const lengths = vectors.flatMap(({ shape }) => shape);
    const { at, ...loop } = this.loop(extent(lengths));
    this.dimensions(lengths);
    this.plane(matrix);
    const sum = identifier(name);
    const { lines, value } = this.stacked(vectors, at, `element_${sum}`, ({ plane, rows }) => this.row(plane, rows));
    this.summed(loop, [sum], lines, [`${matrix}[${at}][j] * ${value}`]);
  }

  /**
   * The sum over all rows of element `index` of vectors one below the other, times this thread's element of the operand
   * where there is one.
   */
  overRows(adjoints: readonly Reference[], index: string, operand: Reference | undefined): void {
    const { at, ...loop } = this.loop('rows');
    const rowOf = ({ plane }: Place): string => {
      this.plane(plane);
      return `${plane}[${at}]`;
    };
    const { lines, value } = this.stacked(adjoints, index, 'adjoint', rowOf);
    const right = operand && this.places.get(operand.name)!;
    const factor = right && `${rowOf(right)}[${shifted('j', right.offset, [])}]`;
    if (right) this.dimensions(right.offset);
    this.summed(loop, ['sum'], lines, [factor ? `${value} * ${factor}` : value]);
    this.number('rows');
  }

  /** Returns this thread's element of values side by side. */
  give(names: readonly string[], shape: Shape): void {
    if (names.length > 1) this.dimensions(shape);
    const values = names.map(identifier);
    const returns = values.slice(0, -1).map((value, index) => {
      const end = extent(names.slice(0, index + 1).flatMap(() => shape));
      return `if (this.thread.x < ${end}) return ${value};`;
    });
    const [length] = shape;
    this.head.push(...returns.map(() => `if (j >= ${length}) j = j - ${length};`));
    this.lines.push(...returns, `return ${values.at(-1)};`);
  }

  /** The kernel's source, as a function. */
  source(name: string): string {
    const head = [
      this.head.length > 0 ? 'let j = this.thread.x; // in its part of the row' : 'const j = this.thread.x;',
      ...this.head,
      'const row = this.thread.y + this.thread.z * this.output.y;',
    ];
    const body = [...head, ...this.lines].map((line) => `  ${line}`);
    return [`function ${name}(${[...this.planes, ...this.numbers].join(', ')}) {`, ...body, '}'].join('\n');
  }

  /** Notes the dimensions that an index is made of. */
  private dimensions(names: readonly string[]): void {
    for (const name of names) this.number(name);
  }

  /** The variables of a loop of `length` rounds in blocks; gpu.js declares all variables of a kernel in one scope. */
  private loop(length: string): Loop & { readonly at: string } {
    const suffix = this.loops++ === 0 ? '' : `${this.loops}`;
    const [start, k] = [`start${suffix}`, `k${suffix}`];
    return { length, start, k, at: `${start} + ${k}` };
  }

  /** Sums of terms, each over `${SUM_BLOCK}` of them at a time. */
  private summed(
    { length, start, k }: Loop,
    names: readonly string[],
    reads: readonly string[],
    terms: readonly string[],
  ): void {
    this.lines.push(
      ...names.map((name) => `let ${name} = 0;`),
      `for (let ${start} = 0; ${start} < ${length}; ${start} += ${SUM_BLOCK}) {`,
      ...names.map((name) => `  let part_${name} = 0;`),
      `  for (let ${k} = 0; ${k} < ${SUM_BLOCK}; ${k}++) {`,
      `    if (${start} + ${k} >= ${length}) break;`,
      ...reads.map((line) => `    ${line}`),
      ...names.map((name, index) => `    part_${name} += ${terms[index]};`),
      '  }',
      ...names.map((name) => `  ${name} += part_${name};`),
      '}',
    );
  }

  /** Element `index` of vectors one below the other: where it lies depends on which of them it belongs to. */
  private stacked(
    vectors: readonly Reference[],
    index: string,
    variable: string,
    rowOf: (place: Place) => string,
  ): { readonly lines: readonly string[]; readonly value: string } {
    const runs = runsOf(vectors.map(({ name }) => this.places.get(name)!));
    const reads = runs.map(({ place, start }) => {
      this.dimensions([...place.offset, ...start]);
      return `${rowOf(place)}[${shifted(index, place.offset, start)}]`;
    });
    if (reads.length === 1) return { lines: [], value: reads[0]! };
    const branches = reads.map((read, number) => {
      const next = runs[number + 1];
      return `${next ? `if (${index} < ${extent(next.start)}) ` : ''}{\n  ${variable} = ${read};\n}`;
    });
    return { lines: [`let ${variable} = 0;`, ...branches.join(' else ').split('\n')], value: variable };
  }

  private plane(name: string): void {
    if (!this.planes.includes(name)) this.planes.push(name);
  }

  private row(plane: string, rows: Place['rows']): string {
    this.plane(plane);
    if (rows === 'sequence' && this.sequenceRow === 'first + row') this.number('first');
    return `${plane}[${{ one: '0', step: 'row', sequence: this.sequenceRow }[rows]}]`;
  }
}

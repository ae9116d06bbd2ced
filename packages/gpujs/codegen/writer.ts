import { type Definition, namesIn, type ProductStage, SUM_BLOCK } from '@congruent/codegen';
import { identifier, renderDefinition } from './expression.ts';
import { extent, type Place } from './places.ts';

/** One block of a stacked product: the name of its sum, and the dimensions before its first row. */
export interface Block {
  readonly name: string;
  readonly offset: readonly string[];
}

/** Writes the body of a kernel and notes what the kernel reads. */
export class Writer {
  readonly planes: string[] = [];
  readonly numbers: string[] = [];
  readonly lines: string[] = [];
  private loops = 0;
  private readonly places: ReadonlyMap<string, Place>;
  private readonly sequenceRow: string;

  /** @param sequenceRow  where row `row` of the rows in hand lies among the rows of all steps */
  constructor(places: ReadonlyMap<string, Place>, sequenceRow: 'row' | 'first + row') {
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
    if (start) for (const dimension of offset) this.number(dimension);
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

  /** The sums of a product's blocks, each over `${SUM_BLOCK}` products at a time. */
  sums(blocks: readonly Block[], { operand }: ProductStage, matrix: string): void {
    const columns = operand.shape[0]!;
    // gpu.js declares all variables of a kernel in one scope.
    const loop = this.loops++ === 0 ? '' : `${this.loops}`;
    const [start, k] = [`start${loop}`, `k${loop}`];
    this.number(columns);
    this.plane(matrix);
    const { plane, rows } = this.places.get(operand.name)!;
    const vector = identifier(operand.name);
    const element = ({ offset }: Block): string => {
      for (const dimension of offset) this.number(dimension);
      const above = extent(offset, '');
      return `${matrix}[${start} + ${k}][${above ? `${above} + j` : 'j'}]`;
    };
    this.lines.push(
      ...blocks.map(({ name }) => `let ${name} = 0;`),
      `for (let ${start} = 0; ${start} < ${columns}; ${start} += ${SUM_BLOCK}) {`,
      ...blocks.map(({ name }) => `  let part_${name} = 0;`),
      `  for (let ${k} = 0; ${k} < ${SUM_BLOCK}; ${k}++) {`,
      `    if (${start} + ${k} >= ${columns}) break;`,
      `    const ${vector}_k = ${this.row(plane, rows)}[${start} + ${k}];`,
      ...blocks.map((block) => `    part_${block.name} += ${element(block)} * ${vector}_k;`),
      '  }',
      ...blocks.map(({ name }) => `  ${name} += part_${name};`),
      '}',
    );
  }

  /** The kernel's source, as a function. */
  source(name: string): string {
    const head = ['const j = this.thread.x;', 'const row = this.thread.y + this.thread.z * this.output.y;'];
    const body = [...head, ...this.lines].map((line) => `  ${line}`);
    return [`function ${name}(${[...this.planes, ...this.numbers].join(', ')}) {`, ...body, '}'].join('\n');
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

import { type DType, type Emitter, header, type Program } from '@congruent/codegen';
import { IndentationText, Project, QuoteKind, type SourceFile, VariableDeclarationKind } from 'ts-morph';
import { withMath } from './expression.ts';
import { productFunctions, scalarFunctions } from './functions.ts';
import { arrayOf, dimensionsOf, type Layout, layoutOf, type ScratchArray, size } from './places.ts';
import { beforeStatements, prepareStatements, stepStatements, VECTOR } from './stages.ts';

/** The source of one cell's kernel for one element type. */
export function emitKernel(program: Program, dtype: DType, emitter: Emitter): string {
  const project = new Project({
    useInMemoryFileSystem: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Single },
  });
  const file = project.createSourceFile('kernel.ts');
  const layout = layoutOf(program.schedule);
  addTypes(file, program, layout, dtype);
  file.addStatements(scalarFunctions(program, dtype));
  addKernel(file, program, layout, dtype);
  file.addStatements(productFunctions(dtype));
  file.formatText({ indentSize: 2 });
  const comment = header(program, emitter).map((line) => `// ${line}`.trimEnd());
  return `${comment.join('\n')}\n\n${file
    .getFullText()
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

function addTypes(file: SourceFile, program: Program, { products, vectors, scratch }: Layout, dtype: DType): void {
  file.addImportDeclaration({
    moduleSpecifier: '@congruent/runtime',
    namedImports: ['CellSignature', 'Dimensions', 'FloatArray'],
    isTypeOnly: true,
  });
  file.addTypeAlias({ name: 'Vector', type: VECTOR[dtype] });
  file.addVariableStatement({
    docs: ['The parameters, as the layers name and stack them.'],
    isExported: true,
    declarationKind: VariableDeclarationKind.Const,
    declarations: [{ name: 'signature', type: 'CellSignature', initializer: signature(program) }],
  });
  const stacks = [...products.values()].flatMap(({ stage, matrix, bias, rows, columns }) => [
    {
      name: matrix,
      type: 'Float64Array',
      docs: [`[${rows}, ${columns}]: ${stage.blocks.map((block) => block.matrix.name).join(', ')}`],
    },
    ...(bias ? [{ name: bias, docs: [`[${rows}]: ${stage.blocks.map((block) => block.bias!.name).join(', ')}`] }] : []),
  ]);
  const property = ({ name, docs, type = 'Vector' }: { name: string; docs: string[]; type?: string }) => ({
    name,
    docs,
    type,
    isReadonly: true,
  });
  file.addInterface({
    name: 'Weights',
    docs: ['The parameters in the order in which the products read them.'],
    isExported: true,
    properties: [
      ...dimensionsOf(program.schedule).map((name) => ({ name, type: 'number', isReadonly: true })),
      ...[
        ...stacks,
        ...vectors.map((name) => ({ name: arrayOf(name), docs: [`[${shapeOf(program, name)}]: ${name}`] })),
      ].map(property),
    ],
  });
  file.addInterface({
    name: 'Scratch',
    docs: ['Working memory: values of all rows, and of the row in hand.'],
    isExported: true,
    properties: scratch.map(({ name, length, perRow }) =>
      property({ name, docs: [`[${perRow ? 'rows, ' : ''}${length}]`] }),
    ),
  });
}

function addKernel(file: SourceFile, program: Program, layout: Layout, dtype: DType): void {
  const { cell, carried } = program.schedule;
  const dimensions = dimensionsOf(program.schedule).join(', ');
  const scratchDimensions = dimensionsOf(program.schedule).filter((name) =>
    layout.scratch.some(({ length }) => length.includes(name)),
  );
  const parameter = (name: string, type: string) => ({ name, type });
  const rowsOf = ({ name }: { name: string }) => parameter(arrayOf(name), 'Vector');
  const carriedInputs = cell.inputs.filter(({ name }) => carried.some((value) => value.name === name));
  file.addFunction({
    name: 'prepare',
    docs: ['Once for the parameters: folds what depends on nothing else, and stacks the matrices of each product.'],
    isExported: true,
    parameters: [
      parameter('parameters', 'Readonly<Record<string, FloatArray>>'),
      parameter(`{ ${dimensions} }`, 'Dimensions'),
    ],
    returnType: 'Weights',
    statements: withMath(prepareStatements(program, layout, dtype)),
  });
  file.addFunction({
    name: 'scratch',
    docs: ['Working memory for sequences of up to `rows` rows.'],
    isExported: true,
    parameters: [parameter(`{ ${scratchDimensions.join(', ')} }`, 'Dimensions'), parameter('rows', 'number')],
    returnType: 'Scratch',
    statements: [`return {\n${layout.scratch.map((array) => `${allocation(array, dtype)},\n`).join('')}};`],
  });
  file.addFunction({
    name: 'before',
    docs: ['Once for the rows of all steps: everything that does not need the state.'],
    isExported: true,
    parameters: [
      parameter('weights', 'Weights'),
      parameter('scratch', 'Scratch'),
      parameter('rows', 'number'),
      ...cell.inputs.map(rowsOf),
    ],
    returnType: 'void',
    statements: withMath(beforeStatements(program.schedule, layout, dtype)),
  });
  file.addFunction({
    name: 'step',
    docs: [
      `One step of \`batch\` rows, of which the first is row \`first\` of the sequence; overwrites the state${cell.states.length > 1 ? 's' : ''}.`,
    ],
    isExported: true,
    parameters: [
      parameter('weights', 'Weights'),
      parameter('scratch', 'Scratch'),
      parameter('first', 'number'),
      parameter('batch', 'number'),
      ...carriedInputs.map(rowsOf),
      ...cell.states.map(rowsOf),
    ],
    returnType: 'void',
    statements: withMath(stepStatements(program.schedule, layout, dtype)),
  });
}

function allocation({ name, length, perRow }: ScratchArray, dtype: DType): string {
  const row = length.includes('+') ? `(${length})` : length;
  return `${name}: new ${VECTOR[dtype]}(${perRow ? `rows * ${row}` : length})`;
}

function shapeOf({ schedule: { cell } }: Program, name: string): string {
  const found = [
    ...cell.parameters,
    ...cell.definitions.map((definition) => ({ name: definition.name, shape: definition.value.shape })),
  ];
  return size(found.find((value) => value.name === name)!.shape);
}

function signature({ cell }: Program): string {
  const shapes = new Map(cell.parameters.map(({ name, shape }) => [name, shape]));
  const tensors = cell.layouts[0]!.tensors.map(({ name, blocks }) => {
    const shape = shapes.get(blocks[0]!.name)!;
    return `${name}: { blocks: ${quoted(blocks.map((block) => block.name))}, shape: ${quoted(shape)} }`;
  });
  return `{\nname: '${cell.name}',\nparameters: {\n${tensors.join(',\n')},\n},\n}`;
}

const quoted = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(', ')}]`;

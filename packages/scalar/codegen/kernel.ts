import { type DType, type Emitter, header, type Program } from '@congruent/codegen';
import { IndentationText, Project, QuoteKind, type SourceFile, VariableDeclarationKind } from 'ts-morph';
import { addAdjoint } from './adjoint-kernel.ts';
import { addArrays, addFunction, lengthProperty, parameter, preparing, property, rowsOf } from './declarations.ts';
import { productFunctions, scalarFunctions } from './functions.ts';
import { arrayOf, dimensionsOf, type Layout, layoutOf, size } from './places.ts';
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
  addForward(file, program, layout, dtype);
  addAdjoint(file, program, layout, dtype);
  file.addStatements(productFunctions(dtype));
  file.formatText({ indentSize: 2 });
  const comment = header(program, emitter).map((line) => `// ${line}`.trimEnd());
  return `${comment.join('\n')}\n\n${file
    .getFullText()
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

function addTypes(file: SourceFile, program: Program, { products, vectors }: Layout, dtype: DType): void {
  file.addImportDeclaration({
    moduleSpecifier: '@congruent/runtime',
    namedImports: ['CellSignature', 'FloatArray'],
    isTypeOnly: true,
  });
  const dimensions = dimensionsOf(program.schedule).map((name) => `'${name}'`);
  file.addTypeAlias({ name: 'Dimensions', type: `Readonly<Record<${dimensions.join(' | ')}, number>>` });
  file.addTypeAlias({ name: 'Vector', type: VECTOR[dtype] });
  file.addVariableStatement({
    docs: ['The parameters, as the layers name and stack them.'],
    isExported: true,
    declarationKind: VariableDeclarationKind.Const,
    declarations: [{ name: 'signature', type: 'CellSignature', initializer: signature(program) }],
  });
  const stacks = [...products.values()].flatMap(({ stage, matrix, bias, rows, columns }) => [
    property(
      matrix,
      `[${rows}, ${columns}]: ${stage.blocks.map((block) => block.matrix.name).join(', ')}`,
      'Float64Array',
    ),
    ...(bias ? [property(bias, `[${rows}]: ${stage.blocks.map((block) => block.bias!.name).join(', ')}`)] : []),
  ]);
  file.addInterface({
    name: 'Weights',
    docs: ['The parameters in the order in which the products read them.'],
    isExported: true,
    properties: [
      ...dimensionsOf(program.schedule).map(lengthProperty),
      ...stacks,
      ...vectors.map((name) => property(arrayOf(name), `[${shapeOf(program, name)}]: ${name}`)),
    ],
  });
}

function addForward(file: SourceFile, program: Program, layout: Layout, dtype: DType): void {
  const { schedule } = program;
  const { cell, carried } = schedule;
  const dimensions = dimensionsOf(schedule);
  const carriedInputs = cell.inputs.filter(({ name }) => carried.some((value) => value.name === name));
  const memory = [parameter('weights', 'Weights'), parameter('scratch', 'Scratch')];
  addFunction(
    file,
    'prepare',
    'Once for the parameters: folds what depends on nothing else, and stacks the matrices of each product.',
    preparing(dimensions),
    'Weights',
    prepareStatements(program, layout, dtype),
  );
  addArrays(
    file,
    { type: 'Scratch', make: 'scratch' },
    {
      type: 'Working memory: values of all rows, and of the row in hand.',
      make: 'Working memory for sequences of up to `rows` rows.',
    },
    layout.scratch,
    dimensions,
    dtype,
  );
  addFunction(
    file,
    'before',
    'Once for the rows of all steps: everything that does not need the state.',
    [...memory, parameter('rows', 'number'), ...cell.inputs.map(rowsOf)],
    'void',
    beforeStatements(schedule, layout, dtype),
  );
  addFunction(
    file,
    'step',
    `One step of \`batch\` rows, of which the first is row \`first\` of the sequence; overwrites the state${cell.states.length > 1 ? 's' : ''}.`,
    [
      ...memory,
      parameter('first', 'number'),
      parameter('batch', 'number'),
      ...[...carriedInputs, ...cell.states].map(rowsOf),
    ],
    'void',
    stepStatements(schedule, layout, dtype),
  );
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
  const values = (all: readonly { readonly name: string; readonly shape: readonly string[] }[]): string =>
    all.map(({ name, shape }) => `{ name: '${name}', shape: ${quoted(shape)} }`).join(', ');
  const [state] = cell.states;
  const output = `{ name: "${state!.name}'", shape: ${quoted(state!.shape)}, state: '${state!.name}' }`;
  return `{\nname: '${cell.name}',\ninputs: [${values(cell.inputs)}],\nstates: [${values(cell.states)}],\noutputs: [${output}],\nparameters: {\n${tensors.join(',\n')},\n},\n}`;
}

const quoted = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(', ')}]`;

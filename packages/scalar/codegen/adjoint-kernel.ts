import type { DType, Program } from '@congruent/codegen';
import type { SourceFile } from 'ts-morph';
import {
  adjointReads,
  afterStatements,
  gradientReads,
  gradientStatements,
  prepareAdjointStatements,
  stepBackStatements,
} from './adjoint.ts';
import { type AdjointLayout, adjointLayoutOf } from './adjoint-places.ts';
import { addArrays, addFunction, lengthProperty, parameter, preparing, property, rowsOf } from './declarations.ts';
import { arrayOf, dimensionsOf, type Layout, layoutOf, size, tracePlace } from './places.ts';
import { beforeStatements, stepStatements } from './stages.ts';

/** Adds the forward pass that records, and the backward pass. */
export function addAdjoint(file: SourceFile, program: Program, inference: Layout, dtype: DType): void {
  addRecording(file, program, inference, dtype);
  const layout = adjointLayoutOf(program.adjoint);
  addAdjointTypes(file, program, layout, dtype);
  addBackward(file, program, layout, dtype);
}

function addRecording(
  file: SourceFile,
  { adjoint: { adjoint, forward } }: Program,
  inference: Layout,
  dtype: DType,
): void {
  const layout = layoutOf(forward);
  if (JSON.stringify(layout.scratch) !== JSON.stringify(inference.scratch)) {
    throw new TypeError(`${forward.cell.name}: a forward pass that records needs other working memory`);
  }
  const trace = adjoint.kept.map((value) => ({
    name: tracePlace(value).array,
    length: size(value.shape),
    perRow: true,
  }));
  addArrays(
    file,
    { type: 'Trace', make: 'trace' },
    {
      type: 'What the forward pass records for the way back.',
      make: 'Room for what sequences of up to `rows` rows record.',
    },
    trace,
    dimensionsOf(forward),
    dtype,
  );
  const memory = [parameter('weights', 'Weights'), parameter('scratch', 'Scratch'), parameter('trace', 'Trace')];
  const keepsBefore = forward.before.some((stage) => stage.kind === 'elementwise' && stage.keeps.length > 0);
  if (keepsBefore) {
    addFunction(
      file,
      'recordBefore',
      'As `before`, and records.',
      [...memory, parameter('rows', 'number'), ...forward.cell.inputs.map(rowsOf)],
      'void',
      beforeStatements(forward, layout, dtype),
    );
  }
  const inputs = forward.cell.inputs.filter(({ name }) => forward.carried.some((value) => value.name === name));
  addFunction(
    file,
    'recordStep',
    'As `step`, and records.',
    [
      ...memory,
      parameter('first', 'number'),
      parameter('batch', 'number'),
      ...[...inputs, ...forward.cell.states].map(rowsOf),
    ],
    'void',
    stepStatements(forward, layout, dtype),
  );
}

function addAdjointTypes(file: SourceFile, program: Program, layout: AdjointLayout, dtype: DType): void {
  const dimensions = dimensionsOf(program.schedule);
  file.addInterface({
    name: 'AdjointWeights',
    docs: ['The parameters in the order in which the way back reads them.'],
    isExported: true,
    properties: [
      ...dimensions.map(lengthProperty),
      ...[...layout.products.values()].map(({ matrix, stage, rows, columns }) =>
        property(
          matrix,
          `[${rows}, ${columns}]: ${stage.matrices.map(({ name }) => name).join(', ')}, transposed`,
          'Float64Array',
        ),
      ),
      ...layout.vectors.map((name) => property(arrayOf(name), name)),
    ],
  });
  addFunction(
    file,
    'prepareAdjoint',
    'Once for the parameters: transposes the matrices of each product.',
    preparing(dimensions),
    'AdjointWeights',
    prepareAdjointStatements(program, layout, dtype),
  );
  addArrays(
    file,
    { type: 'AdjointScratch', make: 'adjointScratch' },
    {
      type: 'Working memory of the way back: values of all rows, and of the row in hand.',
      make: 'Working memory of the way back, for sequences of up to `rows` rows.',
    },
    layout.scratch,
    dimensions,
    dtype,
  );
}

function addBackward(file: SourceFile, program: Program, layout: AdjointLayout, dtype: DType): void {
  const { adjoint, step, after } = program.adjoint;
  const memory = [
    parameter('weights', 'AdjointWeights'),
    parameter('scratch', 'AdjointScratch'),
    parameter('trace', 'Trace'),
  ];
  const incoming = adjoint.states.map((state) => state.incoming);
  addFunction(
    file,
    'stepBack',
    'One step backwards of `batch` rows, of which the first is row `first` of the sequence; overwrites what the step after gave.',
    [
      ...memory,
      parameter('first', 'number'),
      parameter('batch', 'number'),
      ...adjointReads(program.adjoint, step, layout).map((name) => parameter(name, 'Vector')),
      ...incoming.map(rowsOf),
    ],
    'void',
    stepBackStatements(program.adjoint, layout, dtype),
  );
  addFunction(
    file,
    'afterSteps',
    'Once for the rows of all steps: what no step waits for.',
    [
      ...memory,
      parameter('rows', 'number'),
      ...adjointReads(program.adjoint, after, layout).map((name) => parameter(name, 'Vector')),
    ],
    'void',
    afterStatements(program.adjoint, layout, dtype),
  );
  addFunction(
    file,
    'gradients',
    'The gradients of the parameters, as the layers name and stack them: sums over the rows of all steps.',
    [
      ...memory,
      parameter('rows', 'number'),
      ...gradientReads(program.adjoint, layout).map((name) => parameter(name, 'Vector')),
    ],
    'Record<string, Vector>',
    gradientStatements(program, layout, dtype),
  );
}

import type { AdjointStage, ElementwiseStage, Program, TransposedStage } from '@congruent/codegen';
import type { AdjointLayout, BackwardArray } from './adjoint-layout.ts';
import { type ElementwiseLoop, elementwise } from './elementwise.ts';
import { type Extent, inF64, inI32, product, sum, total, up } from './extent.ts';
import { CHUNK_ROWS, copy, SLACK_BYTES } from './kernel.ts';
import { type Lanes, VECTOR_BYTES } from './lanes.ts';
import {
  addressOf,
  arrayOf,
  copyStage,
  type Piece,
  type Place,
  parameterPlaces,
  pointersTo,
  sizeOf,
  TRACE,
} from './layout.ts';
import { vectorsIn } from './panels.ts';
import { sumStatements } from './sums.ts';
import {
  above,
  add,
  advance,
  below,
  call,
  define,
  get,
  i32,
  min,
  mul,
  repeat,
  set,
  sub,
  type Wat,
  when,
} from './wat.ts';

/** The functions of a cell's backward pass. */
export class BackwardEmitter {
  private readonly program: Program;
  private readonly lanes: Lanes;
  private readonly layout: AdjointLayout;
  private readonly tensors: readonly string[];
  /** Arrays with a row for each row of the sequence that a caller gives. */
  private readonly sequences: readonly string[];

  constructor(program: Program, lanes: Lanes, layout: AdjointLayout) {
    this.program = program;
    this.lanes = lanes;
    this.layout = layout;
    this.tensors = program.cell.layouts[0]!.tensors.map(({ name }) => name);
    const trace = program.adjoint.adjoint.kept.length > 0 ? [TRACE] : [];
    this.sequences = [...trace, ...layout.inputs, layout.output, ...layout.inputGradients];
  }

  /** How much memory a caller has to provide. */
  sizes(): Wat[] {
    const { dimensions, weights } = this.layout;
    const trace = this.program.adjoint.adjoint.kept.flatMap(({ shape }) => shape);
    const size = (name: string, comment: string, more: readonly string[], bytes: Extent): Wat[] =>
      define({ name, comment, parameters: [...dimensions, ...more], type: 'f64', result: 'f64', exported: true }, [
        inF64(bytes),
      ]);
    return [
      ...size('trace_bytes', 'What `record` stores of each row.', [], product(this.lanes.bytes, total(trace))),
      ...size('adjoint_weights_bytes', 'The bytes that `prepare_adjoint` fills.', [], sizeOf(weights)),
      ...size(
        'adjoint_scratch_bytes',
        'Working memory of `pull_back` for sequences of `rows` rows, at most `batch` of them in a step.',
        ['rows', 'batch'],
        sum(sizeOf(this.scratch), SLACK_BYTES),
      ),
    ];
  }

  /** Once for a set of parameters. */
  prepare(): Wat[] {
    const { dimensions, weights, places, products } = this.layout;
    const { cell } = this.program;
    const { bytes } = this.lanes;
    const sources = new Map([...places, ...parameterPlaces(cell, bytes)]);
    const copies = cell.parameters
      .filter(({ name }) => weights.some((piece) => piece.name === arrayOf(name)))
      .map(({ name, shape }) =>
        copy(get(arrayOf(name)), addressOf(sources.get(name)!), inI32(product(bytes, ...shape))),
      );
    const stages = this.program.adjoint.prepare.flatMap((stage) =>
      elementwise(stage as ElementwiseStage, { ...this.loop, places: sources, copies: new Map() }),
    );
    const packs = [...products.values()].flatMap(({ stage, matrix, rowBytes, columns }) =>
      stage.matrices.map(({ name, shape: [rows, width] }, index) =>
        call(
          'pack_rows',
          addressOf(sources.get(name)!),
          get(rows!),
          get(width!),
          inI32(product(bytes, width!)),
          get(matrix),
          inI32(total(stage.matrices.slice(0, index).map(({ shape }) => shape[0]!))),
          inI32(columns),
          vectorsIn(inI32(rowBytes)),
        ),
      ),
    );
    return define(
      {
        name: 'prepare_adjoint',
        comment: 'Once for a set of parameters: packs the matrices, transposed, and copies what else is read of them.',
        parameters: [...dimensions, 'weights', ...this.tensors],
        exported: true,
      },
      [
        ['memory.fill', get('weights'), i32(0), inI32(sizeOf(weights))],
        ...pointersTo(weights, 'weights'),
        ...copies,
        ...stages,
        ...packs,
      ],
    );
  }

  /** The loop over time, and what comes after it. */
  pullBack(): Wat[] {
    const { dimensions, incoming, sums } = this.layout;
    const sizeOfStep: Wat = [
      'i32.load',
      add(get('batch_sizes'), mul(['select', get('t'), sub(sub(get('steps'), get('t')), i32(1)), get('reverse')], 4)),
    ];
    const steps: Wat[] = [
      set('row', mul(get('rows'), ['i32.eqz', get('reverse')])),
      set('t', i32(0)),
      repeat(
        'next_step',
        [
          set('batch', sizeOfStep),
          when(['i32.eqz', get('reverse')], [set('row', sub(get('row'), get('batch')))]),
          call('step_back', ...this.operands('step'), get('batch'), ...incoming.map(get)),
          when(get('reverse'), [advance('row', get('batch'))]),
          advance('t', 1),
        ],
        above(get('steps'), get('t')),
      ),
    ];
    const chunks: Wat[] = [
      set('row', i32(0)),
      repeat(
        'next_chunk',
        [
          set('batch', min(sub(get('rows'), get('row')), i32(CHUNK_ROWS))),
          call('after_steps', ...this.operands('chunk'), get('batch')),
          advance('row', get('batch')),
        ],
        below(get('row'), get('rows')),
      ),
    ];
    const comment =
      'A recorded sequence of `rows` rows backwards: step t is `batch_sizes[t]` (i32) of them. With `reverse` = 1 it was run\n' +
      "from the last step to the first. Overwrites the last states' adjoints with those of the first, writes those of the\n" +
      'input, and the gradients of the parameters.';
    return define(
      {
        name: 'pull_back',
        comment,
        parameters: [
          ...dimensions,
          'weights',
          'scratch',
          'batch_sizes',
          'steps',
          'rows',
          'reverse',
          ...this.sequences,
          ...incoming,
          ...this.tensors,
        ],
        exported: true,
      },
      [
        ';; The first step of a packed sequence is its largest.',
        set('batch', ['i32.load', get('batch_sizes')]),
        ...pointersTo(this.scratch, 'scratch'),
        ...(this.program.adjoint.finish.length > 0 ? pointersTo(this.layout.weights, 'weights') : []),
        ...steps,
        ...(this.program.adjoint.after.length > 0 ? chunks : []),
        ...sumStatements(this.program.adjoint, sums, this.layout.places, this.loop),
      ],
    );
  }

  /** One step. */
  stepBack(): Wat[] {
    const { dimensions, incoming, commits, places } = this.layout;
    const { adjoint, step } = this.program.adjoint;
    const committed = adjoint.states.flatMap(({ incoming: { name, shape }, outgoing }) =>
      commits.has(name) ? this.copied(outgoing.name, shape, [places.get(name)!]) : [],
    );
    return define(
      {
        name: 'step_back',
        comment:
          'One step backwards of `batch` rows: overwrites the adjoints of the states after it with those before it.',
        parameters: [...dimensions, 'weights', ...this.arrays('step'), ...this.sequences, 'batch', ...incoming],
      },
      [...pointersTo(this.layout.weights, 'weights'), ...step.flatMap((stage) => this.stage(stage)), ...committed],
    );
  }

  /** What no step waits for. */
  afterSteps(): Wat[] {
    const { after } = this.program.adjoint;
    if (after.length === 0) return [];
    return define(
      {
        name: 'after_steps',
        comment: 'What no step waits for, for `batch` rows.',
        parameters: [...this.layout.dimensions, 'weights', ...this.arrays('chunk'), ...this.sequences, 'batch'],
      },
      [...pointersTo(this.layout.weights, 'weights'), ...after.flatMap((stage) => this.stage(stage))],
    );
  }

  private stage(stage: AdjointStage): Wat[] {
    const { places, copies } = this.layout;
    if (stage.kind === 'elementwise') return elementwise(stage, { ...this.loop, places, copies, rows: 'batch' });
    return [
      ...this.product(stage),
      ...this.copied(stage.name, stage.matrices[0]!.shape.slice(1), copies.get(stage.name) ?? []),
    ];
  }

  private product(stage: TransposedStage): Wat[] {
    const { matrix, stack, result, rowBytes, columns } = this.layout.products.get(stage)!;
    const list = (names: readonly { readonly name: string }[]): string =>
      `[${names.map(({ name }) => name).join('; ')}]`;
    return [
      `;; ${stage.name} = ${list(stage.vectors)} @ ${list(stage.matrices)}`,
      call(
        'product',
        get(matrix),
        vectorsIn(inI32(rowBytes)),
        inI32(columns),
        get(stack),
        inI32(product(this.lanes.bytes, columns)),
        get('batch'),
        get(result),
        i32(0),
        i32(0),
      ),
    ];
  }

  /** Stores the rows of a value in more places. */
  private copied(name: string, shape: readonly string[], [first, ...others]: readonly Place[]): Wat[] {
    if (first === undefined) return [];
    const copyName = `${name}.copy`;
    const places = new Map([...this.layout.places, [copyName, first]]);
    return elementwise(copyStage(copyName, name, shape), {
      ...this.loop,
      places,
      copies: new Map([[copyName, others]]),
      rows: 'batch',
    });
  }

  private get loop(): Pick<ElementwiseLoop, 'lanes' | 'functions'> {
    return { lanes: this.lanes, functions: this.program.functions[this.lanes.dtype] };
  }

  /** The scratch memory, piece by piece. */
  private get scratch(): readonly Piece[] {
    const rowsOf = { sequence: 'rows', step: 'batch', chunk: { kind: 'min', of: ['rows', CHUNK_ROWS] } } as const;
    const arrays = this.layout.scratch.map(({ name, rowBytes, per, comment }): Piece => {
      return { name, bytes: up(product(rowsOf[per], rowBytes), VECTOR_BYTES), comment };
    });
    return [...arrays, ...this.layout.sums.scratch];
  }

  /** The scratch arrays that the functions of a step, or of a chunk, take. */
  private arraysOf(per: 'step' | 'chunk'): readonly BackwardArray[] {
    return this.layout.scratch.filter((array) => array.per === 'sequence' || array.per === per);
  }

  private arrays(per: 'step' | 'chunk'): readonly string[] {
    return this.arraysOf(per).map(({ name }) => name);
  }

  /** The operands of such a function, from row `row` on. */
  private operands(per: 'step' | 'chunk'): Wat[] {
    const { dimensions, places, copies } = this.layout;
    const all = [...places.values(), ...[...copies.values()].flat()];
    const strides = new Map(all.map(({ pointer, stride }) => [pointer, stride]));
    const fromRow = (array: string, stride: Extent): Wat => add(get(array), mul(get('row'), inI32(stride)));
    const arrays = this.arraysOf(per).map((array) =>
      array.per === 'sequence' ? fromRow(array.name, array.rowBytes) : get(array.name),
    );
    const sequences = this.sequences.map((array) => fromRow(array, strides.get(array)!));
    return [...dimensions.map(get), get('weights'), ...arrays, ...sequences];
  }
}

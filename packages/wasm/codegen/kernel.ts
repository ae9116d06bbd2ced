import type { ElementwiseStage, Program, Stage } from '@congruent/codegen';
import { elementwise } from './elementwise.ts';
import { type Extent, inF64, inI32, product, sum, total } from './extent.ts';
import { type Lanes, storeUpToFunction } from './lanes.ts';
import {
  addressOf,
  arrayOf,
  copyStage,
  keepingStage,
  type Layout,
  layoutOf,
  type Place,
  parameterPlaces,
  pointersTo,
  sizeOf,
  TRACE,
} from './layout.ts';
import { packFunction, vectorsIn } from './panels.ts';
import { productFunctions } from './product.ts';
import { above, add, advance, and, call, define, get, i32, mul, repeat, set, sub, type Wat, when } from './wat.ts';

/**
 * Rows of the sequence for which everything that needs no state is computed at a time: enough for the tiles to pay,
 * and few enough for the results to be still in the cache when the steps read them.
 */
export const CHUNK_ROWS = 64;

/** Bytes after the scratch memory that vector loads may touch beyond the last element. */
export const SLACK_BYTES = 64;

/** The module of one cell for one kind of lanes. */
export function kernelModule(program: Program, lanes: Lanes): Wat {
  const layout = layoutOf(program, lanes.bytes);
  const emitter = new KernelEmitter(program, lanes, layout);
  return [
    'module',
    ['memory', ['export', '"memory"'], '1'],
    ...emitter.sizes(),
    ...emitter.prepare(),
    ...emitter.step(),
    ...emitter.run('run'),
    ...emitter.before(),
    ...emitter.advance(),
    ...productFunctions(lanes),
    ...packFunction(lanes),
    ...storeUpToFunction(lanes),
  ];
}

/** The functions of a cell's forward pass; those of a schedule that keeps also take the address of the trace. */
export class KernelEmitter {
  private readonly program: Program;
  private readonly lanes: Lanes;
  private readonly layout: Layout;
  /** The parameters that `before` and `advance` take after the dimensions and the weights. */
  private readonly scratchNames: { readonly before: readonly string[]; readonly advance: readonly string[] };
  /** Arrays with a row for each row of the sequence that the functions take, before the states and the output. */
  private readonly sequences: readonly string[];
  /** Those of them that `advance` takes. */
  private readonly carried: readonly string[];
  private readonly states: readonly string[];

  constructor(program: Program, lanes: Lanes, layout: Layout) {
    this.program = program;
    this.lanes = lanes;
    this.layout = layout;
    const { cell, carried, kept } = program.schedule;
    const inputs = cell.inputs.map(({ name }) => arrayOf(name));
    const trace = kept.length > 0 ? [TRACE] : [];
    this.sequences = [...inputs, ...trace];
    this.carried = [...inputs.filter((array) => carried.some(({ name }) => arrayOf(name) === array)), ...trace];
    this.states = cell.states.map(({ name }) => arrayOf(name));
    const names = layout.scratch.map(({ name }) => name);
    const ofChunk = layout.scratch.filter(({ per }) => per === 'chunk').map(({ name }) => name);
    this.scratchNames = { before: ofChunk, advance: names };
  }

  /** How much memory a caller has to provide. */
  sizes(): Wat[] {
    const { dimensions, weights, scratch } = this.layout;
    return [
      ...define(
        {
          name: 'weights_bytes',
          comment: 'The bytes that `prepare` fills.',
          parameters: dimensions,
          type: 'f64',
          result: 'f64',
          exported: true,
        },
        [inF64(sizeOf(weights))],
      ),
      ...define(
        {
          name: 'scratch_bytes',
          comment: 'Working memory for sequences of `rows` rows, at most `batch` of them in a step.',
          parameters: [...dimensions, 'rows', 'batch'],
          type: 'f64',
          result: 'f64',
          exported: true,
        },
        [
          inF64(
            sum(
              ...scratch.map(({ rowBytes, per }) => product(per === 'chunk' ? chunkRows('rows') : 'batch', rowBytes)),
              SLACK_BYTES,
            ),
          ),
        ],
      ),
    ];
  }

  /** Once for a set of parameters. */
  prepare(): Wat[] {
    const { dimensions, weights, products, places } = this.layout;
    const { cell } = this.program;
    const { bytes } = this.lanes;
    const sources = new Map([...places, ...parameterPlaces(cell, bytes)]);
    const sourceOf = (name: string): Wat => addressOf(sources.get(name)!);
    // A parameter that stages read is copied; what its own place holds is read by nobody here.
    const copies = cell.parameters
      .filter(({ name }) => weights.some((piece) => piece.name === arrayOf(name)))
      .map(({ name, shape }) => copy(get(arrayOf(name)), sourceOf(name), inI32(product(bytes, ...shape))));
    const stages = this.program.schedule.prepare.flatMap((stage) =>
      elementwise(stage as ElementwiseStage, {
        lanes: this.lanes,
        functions: this.functions,
        places: sources,
        copies: new Map(),
      }),
    );
    const packs = [...products.values()].flatMap(({ stage, matrix, bias, rowBytes, columns }) => {
      const first = (index: number): Extent =>
        total(stage.blocks.slice(0, index).map(({ matrix: { shape } }) => shape[0]!));
      return stage.blocks.flatMap((block, index) => [
        call(
          'pack',
          sourceOf(block.matrix.name),
          get(block.matrix.shape[0]!),
          get(columns),
          get(matrix),
          inI32(first(index)),
          vectorsIn(inI32(rowBytes)),
        ),
        ...(bias
          ? [
              copy(
                inI32(sum(bias, product(bytes, first(index)))),
                sourceOf(block.bias!.name),
                inI32(product(bytes, block.matrix.shape[0]!)),
              ),
            ]
          : []),
      ]);
    });
    const tensors = cell.layouts[0]!.tensors.map(({ name }) => name);
    return define(
      {
        name: 'prepare',
        comment:
          'Once for a set of parameters: folds what depends on nothing else, packs the matrices, and copies the rest.\n' +
          'The lanes that fill up a panel are zeros.',
        parameters: [...dimensions, 'weights', ...tensors],
        exported: true,
      },
      [
        ['memory.fill', get('weights'), i32(0), inI32(sizeOf(weights))],
        ...this.weightPointers(),
        ...copies,
        ...stages,
        ...packs,
      ],
    );
  }

  /** One step on its own. */
  step(): Wat[] {
    const { dimensions } = this.layout;
    const rows = 'batch';
    return define(
      {
        name: 'step',
        comment: 'One step of `batch` rows, all of it: for streams. Overwrites the state.',
        parameters: [...dimensions, 'weights', 'scratch', 'batch', ...this.sequences, ...this.states],
        exported: true,
      },
      [
        ...this.scratchPointers(rows),
        call('before', ...this.operands('before'), get(rows), ...this.sequences.map(get)),
        call(
          'advance',
          ...this.operands('advance'),
          get('batch'),
          ...this.carried.map(get),
          ...this.states.map(get),
          get(this.states[0]!),
        ),
      ],
    );
  }

  /** The loop over time, exported as `name`. */
  run(name: string): Wat[] {
    const { dimensions, scratch, places } = this.layout;
    const [state] = this.program.schedule.cell.states;
    const stateBytes = product(this.lanes.bytes, ...state!.shape);
    const strides = new Map([...places.values()].map(({ pointer, stride }) => [pointer, stride]));
    const rowOf = (array: string): Wat => inI32(strides.get(array)!);
    const sizeAt = (index: Wat): Wat => ['i32.load', add(get('batch_sizes'), mul(index, 4))];
    const ahead = (count: Wat): Wat => sizeAt(['select', sub(sub(get('steps'), count), i32(1)), count, get('reverse')]);
    const taken = (array: { readonly name: string; readonly rowBytes: Extent; readonly per: string }): Wat =>
      array.per === 'chunk'
        ? add(get(array.name), mul(sub(get('row'), get('chunk')), inI32(array.rowBytes)))
        : get(array.name);
    return define(
      {
        name,
        comment:
          'A sequence of `rows` rows: step t is `batch_sizes[t]` (i32) of them. With `reverse` = 1 from the last step to the\n' +
          `first. Overwrites the states with the last ones; row r of \`output\` is the ${state!.name} after row r.`,
        parameters: [
          ...dimensions,
          'weights',
          'scratch',
          'batch_sizes',
          'steps',
          'rows',
          'reverse',
          ...this.sequences,
          ...this.states,
          'output',
        ],
        exported: true,
      },
      [
        ';; The first step of a packed sequence is its largest.',
        set('batch', sizeAt(i32(0))),
        set('capacity', inI32(chunkRows('rows'))),
        ...this.scratchPointers('capacity'),
        set('row', mul(get('rows'), get('reverse'))),
        set('t', i32(0)),
        repeat(
          'chunks',
          [
            ';; As many steps as fit the chunk, at least one.',
            set('in_chunk', i32(0)),
            set('end', get('t')),
            repeat(
              'gather',
              [advance('in_chunk', ahead(get('end'))), advance('end', 1)],
              and(
                above(get('steps'), get('end')),
                // behind the end of the list the index is one that exists
                [
                  'i32.le_u',
                  add(get('in_chunk'), ahead(['select', get('end'), i32(0), above(get('steps'), get('end'))])),
                  get('capacity'),
                ],
              ),
            ),
            set('chunk', sub(get('row'), mul(get('in_chunk'), get('reverse')))),
            call(
              'before',
              ...this.operands('before'),
              get('in_chunk'),
              ...this.sequences.map((name) => add(get(name), mul(get('chunk'), rowOf(name)))),
            ),
            repeat(
              'next_step',
              [
                set('batch', ahead(get('t'))),
                set('row', sub(get('row'), mul(get('batch'), get('reverse')))),
                call(
                  'advance',
                  ...dimensions.map(get),
                  get('weights'),
                  ...scratch.map(taken),
                  get('batch'),
                  ...this.carried.map((name) => add(get(name), mul(get('row'), rowOf(name)))),
                  ...this.states.map(get),
                  add(get('output'), mul(get('row'), inI32(stateBytes))),
                ),
                when(['i32.eqz', get('reverse')], [advance('row', get('batch'))]),
                advance('t', 1),
              ],
              above(get('end'), get('t')),
            ),
          ],
          above(get('steps'), get('t')),
        ),
      ],
    );
  }

  /** What needs no state. */
  before(): Wat[] {
    return define(
      {
        name: 'before',
        comment: 'Everything that does not need the state, for `rows` rows.',
        parameters: [...this.layout.dimensions, 'weights', ...this.scratchNames.before, 'rows', ...this.sequences],
      },
      [
        ...this.weightPointers(),
        ...this.program.schedule.before.flatMap((stage) => this.stage(stage, 'rows', new Map())),
      ],
    );
  }

  /** What needs the state. */
  advance(): Wat[] {
    const { dimensions, commits, places } = this.layout;
    const [state] = this.program.schedule.cell.states;
    const output: Place = { pointer: 'output', start: 0, stride: product(this.lanes.bytes, ...state!.shape) };
    // In `step` the output is the state itself, so it is written when the state may be.
    const copies = new Map([[`${state!.name}${commits.has(state!.name) ? '.next' : "'"}`, [output]]]);
    const committed = [...commits].flatMap(([name, next]) => {
      const { shape } = this.program.schedule.cell.states.find((each) => each.name === name)!;
      return elementwise(copyStage(`${name}.next`, next, shape), {
        lanes: this.lanes,
        functions: [],
        places: new Map([...places, [`${name}.next`, places.get(name)!]]),
        copies,
        rows: 'batch',
      });
    });
    return define(
      {
        name: 'advance',
        comment: `One step of \`batch\` rows: overwrites the state${this.states.length > 1 ? 's' : ''}; the next ${state!.name} also goes to \`output\`.`,
        parameters: [
          ...dimensions,
          'weights',
          ...this.scratchNames.advance,
          'batch',
          ...this.carried,
          ...this.states,
          'output',
        ],
      },
      [
        ...this.weightPointers(),
        ...this.program.schedule.step.flatMap((stage) => this.stage(stage, 'batch', copies)),
        ...committed,
      ],
    );
  }

  private get functions() {
    return this.program.functions[this.lanes.dtype];
  }

  private stage(stage: Stage, rows: string, copies: ReadonlyMap<string, readonly Place[]>): Wat[] {
    const { products, places } = this.layout;
    if (stage.kind === 'elementwise') {
      const loop = { lanes: this.lanes, functions: this.functions, places, copies, rows };
      return elementwise(keepingStage(stage), loop);
    }
    const { matrix, bias, result, rowBytes, columns } = products.get(stage)!;
    const operand = places.get(stage.operand.name)!;
    const list = (names: readonly string[]): string => (names.length > 1 ? `[${names.join('; ')}]` : `${names[0]}`);
    const biases = bias ? ` + ${list(stage.blocks.map((block) => block.bias!.name))}` : '';
    const names = list(stage.blocks.map(({ name }) => name));
    return [
      `;; ${names} = ${list(stage.blocks.map((block) => block.matrix.name))} @ ${stage.operand.name}${biases}`,
      call(
        'product',
        get(matrix),
        vectorsIn(inI32(rowBytes)),
        get(columns),
        addressOf(operand),
        inI32(operand.stride),
        get(rows),
        get(result),
        bias ? get(bias) : i32(0),
        i32(0),
      ),
    ];
  }

  private operands(of: 'before' | 'advance'): Wat[] {
    return [...this.layout.dimensions, 'weights', ...this.scratchNames[of]].map(get);
  }

  /** The addresses of the pieces of the weights. */
  private weightPointers(): Wat[] {
    return pointersTo(this.layout.weights, 'weights');
  }

  /** The addresses of the scratch arrays, of which those of a chunk have `capacity` rows. */
  private scratchPointers(capacity: string): Wat[] {
    const pieces = this.layout.scratch.map(({ name, rowBytes, per, comment }) => {
      return { name, bytes: product(per === 'chunk' ? capacity : 'batch', rowBytes), comment };
    });
    return pointersTo(pieces, 'scratch');
  }
}

/** Rows of the largest chunk: `CHUNK_ROWS`, or a step's rows where they are more, but never more than there are. */
const chunkRows = (rows: string): Extent => ({
  kind: 'min',
  of: [rows, { kind: 'max', of: [CHUNK_ROWS, 'batch'] }],
});

export const copy = (to: Wat, from: Wat, bytes: Wat): Wat => ['memory.copy', to, from, bytes];

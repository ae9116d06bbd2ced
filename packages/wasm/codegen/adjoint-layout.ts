import {
  type AdjointSchedule,
  type AdjointState,
  definitionsOf,
  namesIn,
  type Program,
  type Reference,
  reference,
  type TransposedStage,
} from '@congruent/codegen';
import type { Shape } from '@congruent/spec';
import { type SumLayout, sumLayouts } from './adjoint-sum-layout.ts';
import { type Extent, product, total, up } from './extent.ts';
import { VECTOR_BYTES } from './lanes.ts';
import { arrayOf, dimensionsOf, type Piece, type Place, readsOf, type ScratchArray, tracePlaces } from './layout.ts';
import { columnBytes } from './panels.ts';

/** A transposed product with the names of its packed matrix, of its operand, a stack of vectors, and of its result. */
export interface StackedVectors {
  readonly stage: TransposedStage;
  readonly matrix: string;
  readonly stack: string;
  readonly result: string;
  /** Bytes of a row of the result, as many as of a column of the packed matrix. */
  readonly rowBytes: Extent;
  readonly columns: Extent;
}

/** An array of the scratch memory: a row for each row of the sequence, of a step, or of a chunk after the steps. */
export interface AdjointArray extends Omit<ScratchArray, 'per'> {
  readonly per: 'sequence' | ScratchArray['per'];
}

/** Everything that the emitter of the backward pass must name. */
export interface AdjointLayout {
  readonly dimensions: readonly string[];
  /** Arrays that the caller gives: of the forward pass, and of the adjoints by the names of what they belong to. */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly incoming: readonly string[];
  readonly inputGradients: readonly string[];
  readonly products: ReadonlyMap<TransposedStage, StackedVectors>;
  readonly weights: readonly Piece[];
  readonly scratch: readonly AdjointArray[];
  readonly sums: SumLayout;
  /** Where a value is read, and first written. */
  readonly places: ReadonlyMap<string, Place>;
  /** More places where it is written. */
  readonly copies: ReadonlyMap<string, readonly Place[]>;
  /** The states whose incoming adjoint may not be overwritten while the step runs. */
  readonly commits: readonly AdjointState[];
}

export function adjointLayoutOf(program: Program, elementBytes: number): AdjointLayout {
  const { adjoint, forward, step, after, inPlace } = program.adjoint;
  const { cell } = forward;
  for (const { name, shape } of [...adjoint.kept, ...cell.inputs, ...cell.states]) checkVector(name, shape);
  const places = new PlaceMaker(program.adjoint, elementBytes);

  const inputs = cell.inputs.map((input) => places.given(input));
  for (const [name, place] of tracePlaces(adjoint.kept, elementBytes)) places.put(name, place);
  const output = places.given(adjoint.output);
  const incoming = adjoint.states.map((state) => places.given(state.incoming));

  for (const stage of [...step, ...after]) if (stage.kind === 'transposed') places.result(stage);
  for (const stacked of places.products.values()) places.stack(stacked);
  adjoint.states.forEach((state, index) => {
    if (inPlace[index]) places.put(state.outgoing.name, places.read(state.incoming.name));
  });
  const inputGradients = cell.inputs.map(({ name, shape }) =>
    places.given(reference(adjoint.gradients.get(name)!, shape)),
  );
  for (const stage of [...step, ...after]) {
    if (stage.kind === 'elementwise') for (const name of stage.stores) places.stored(name, stage.shape);
  }
  for (const value of earlyValues(program.adjoint)) places.early(value);
  return {
    dimensions: dimensionsOf(cell),
    inputs,
    output,
    incoming,
    inputGradients,
    products: places.products,
    weights: places.weights,
    scratch: places.scratch,
    sums: sumLayouts(program, elementBytes),
    places: places.first,
    copies: places.copies,
    commits: adjoint.states.filter((_, index) => !inPlace[index]),
  };
}

/** Gives every value its places, in the memory of the caller and in that of the functions. */
class PlaceMaker {
  readonly products = new Map<TransposedStage, StackedVectors>();
  readonly weights: Piece[] = [];
  readonly scratch: AdjointArray[] = [];
  readonly first = new Map<string, Place>();
  readonly copies = new Map<string, Place[]>();
  private readonly elementBytes: number;
  /** Names that are computed at the steps. */
  private readonly inLoop: ReadonlySet<string>;
  /** Those of them that are read after the steps, and what the sums read. */
  private readonly readLater: ReadonlySet<string>;

  constructor({ step, carried, sums }: AdjointSchedule, elementBytes: number) {
    this.elementBytes = elementBytes;
    this.inLoop = new Set(definitionsOf(step).map(({ name }) => name));
    const summed = sums.flatMap(({ operand, blocks }) =>
      [...blocks.map(({ adjoint }) => adjoint), operand ?? []].flat(),
    );
    this.readLater = new Set([...carried, ...summed].map(({ name }) => name));
  }

  read(name: string): Place {
    return this.first.get(name)!;
  }

  put(name: string, place: Place): void {
    if (this.first.has(name)) this.copies.set(name, [...(this.copies.get(name) ?? []), place]);
    else this.first.set(name, place);
  }

  /** A value with an array of the caller's; its name. */
  given({ name, shape }: Reference): string {
    this.put(name, { pointer: arrayOf(name), start: 0, stride: this.bytesOf(shape) });
    return arrayOf(name);
  }

  /** A product writes whole vectors, so its result has an array of its own; other places have copies. */
  result(stage: TransposedStage): void {
    const { name, matrices, vectors } = stage;
    const rowBytes = columnBytes(this.bytesOf(matrices[0]!.shape.slice(1)));
    const columns = total(vectors.flatMap(({ shape }) => shape));
    const [matrix, stack, result] = [`V_${name}`, `into_${name}`, `padded_${name}`];
    this.products.set(stage, { stage, matrix, stack, result, rowBytes, columns });
    const names = matrices.map((each) => each.name).join(', ');
    this.weights.push({ name: matrix, bytes: product(rowBytes, columns), comment: `${names}, transposed` });
    this.array(result, name, rowBytes, `${name}, in whole vectors`);
  }

  /** The operand of a product: vectors one below the other, for each row of the sequence. */
  stack({ stage: { vectors }, stack, columns }: StackedVectors): void {
    const stride = product(this.elementBytes, columns);
    this.scratch.push({
      name: stack,
      rowBytes: stride,
      per: 'sequence',
      comment: vectors.map(({ name }) => name).join(', '),
    });
    vectors.forEach(({ name }, index) => {
      const above = total(vectors.slice(0, index).flatMap(({ shape }) => shape));
      this.put(name, { pointer: stack, start: product(this.elementBytes, above), stride });
    });
  }

  /** What an element-wise stage stores: where it has no place yet, in an array of its own. */
  stored(name: string, shape: Shape): void {
    checkVector(name, shape);
    if (!this.first.has(name)) this.array(arrayOf(name), name, up(this.bytesOf(shape), VECTOR_BYTES), name);
  }

  /** A value of parameters alone. */
  early({ name, shape }: Reference): void {
    this.weights.push({ name: arrayOf(name), bytes: up(this.bytesOf(shape), VECTOR_BYTES), comment: name });
    this.put(name, { pointer: arrayOf(name), start: 0, stride: 0 });
  }

  private array(array: string, name: string, rowBytes: Extent, comment: string): void {
    const whileInHand = this.inLoop.has(name) ? 'step' : 'chunk';
    this.scratch.push({ name: array, rowBytes, per: this.readLater.has(name) ? 'sequence' : whileInHand, comment });
    this.put(name, { pointer: array, start: 0, stride: rowBytes });
  }

  private bytesOf(shape: Shape): Extent {
    return product(this.elementBytes, ...shape);
  }
}

/** The values of parameters alone that are computed again, and the parameters that are read as they are. */
function earlyValues({ forward, prepare, step, after, finish }: AdjointSchedule): readonly Reference[] {
  const read = new Set([
    ...[...step, ...after].flatMap((stage) => (stage.kind === 'elementwise' ? readsOf(stage) : [])),
    ...finish.flatMap(({ value }) => namesIn(value)),
    ...prepare.flatMap((stage) => (stage.kind === 'elementwise' ? stage.stores : [])),
  ]);
  const computed = definitionsOf(prepare).map(({ name, value }) => reference(name, value.shape));
  return [...forward.cell.parameters, ...computed].filter(({ name }) => read.has(name));
}

function checkVector(name: string, { length }: Shape): void {
  if (length !== 1) throw new TypeError(`${name}: a number that each row has is not supported by this emitter`);
}

import {
  type AdjointSchedule,
  type AdjointStage,
  definitionsOf,
  namesIn,
  type Program,
  type Reference,
  type TransposedStage,
} from '@congruent/codegen';
import type { Shape } from '@congruent/spec';
import { type SumLayout, sumLayouts } from './adjoint-sum-layout.ts';
import { type Extent, product, total, up } from './extent.ts';
import { VECTOR_BYTES } from './lanes.ts';
import { arrayOf, dimensionsOf, type Piece, type Place, readsOf, tracePlaces } from './layout.ts';
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
export interface BackwardArray {
  readonly name: string;
  readonly rowBytes: Extent;
  readonly per: 'sequence' | 'step' | 'chunk';
  readonly comment: string;
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
  readonly scratch: readonly BackwardArray[];
  readonly sums: SumLayout;
  /** Where a value is read, and first written. */
  readonly places: ReadonlyMap<string, Place>;
  /** More places where it is written. */
  readonly copies: ReadonlyMap<string, readonly Place[]>;
  /** Incoming adjoints that may not be overwritten while the step runs, with the outgoing ones. */
  readonly commits: ReadonlyMap<string, string>;
}

export function adjointLayoutOf(program: Program, elementBytes: number): AdjointLayout {
  const schedule = program.adjoint;
  const { adjoint, forward, prepare, step, after, sums, finish, carried, inPlace } = schedule;
  const { cell } = forward;
  const bytesOf = (shape: Shape): Extent => product(elementBytes, ...shape);
  const places = new Map<string, Place>();
  const copies = new Map<string, Place[]>();
  const scratch: BackwardArray[] = [];
  const weights: Piece[] = [];
  const products = new Map<TransposedStage, StackedVectors>();
  const put = (name: string, place: Place): void => {
    if (places.has(name)) copies.set(name, [...(copies.get(name) ?? []), place]);
    else places.set(name, place);
  };
  const given = ({ name, shape }: Reference): string => {
    put(name, { pointer: arrayOf(name), start: 0, stride: bytesOf(shape) });
    return arrayOf(name);
  };

  for (const { name, shape } of [...adjoint.kept, ...cell.inputs, ...cell.states]) checkVector(name, shape);
  const inputs = cell.inputs.map(given);
  for (const [name, place] of tracePlaces(adjoint.kept, elementBytes)) put(name, place);
  const output = given(adjoint.output);
  const incoming = adjoint.states.map((state) => given(state.incoming));

  const readAfter = new Set(carried.map(({ name }) => name));
  const readBySums = new Set(sums.flatMap(({ operand, blocks }) => namesOfSum(operand, blocks)));
  const lifetime = (name: string, inLoop: boolean): BackwardArray['per'] => {
    if (inLoop) return readAfter.has(name) ? 'sequence' : 'step';
    return readBySums.has(name) ? 'sequence' : 'chunk';
  };
  // A product writes whole vectors, so its result has an array of its own; other places have copies.
  const placeProduct = (stage: TransposedStage, inLoop: boolean): void => {
    const shape = stage.matrices[0]!.shape.slice(1);
    const rowBytes = columnBytes(bytesOf(shape));
    const columns = total(stage.vectors.flatMap((vector) => vector.shape));
    const names = stage.matrices.map(({ name }) => name).join(', ');
    const [matrix, stack, result] = [`V_${stage.name}`, `into_${stage.name}`, `padded_${stage.name}`];
    checkVector(stage.name, shape);
    scratch.push({
      name: result,
      rowBytes,
      per: lifetime(stage.name, inLoop),
      comment: `${stage.name}, in whole vectors`,
    });
    put(stage.name, { pointer: result, start: 0, stride: rowBytes });
    weights.push({ name: matrix, bytes: product(rowBytes, columns), comment: `${names}, transposed` });
    products.set(stage, { stage, matrix, stack, result, rowBytes, columns });
  };
  const stages = [...step.map((stage) => [stage, true] as const), ...after.map((stage) => [stage, false] as const)];
  for (const [stage, inLoop] of stages) if (stage.kind === 'transposed') placeProduct(stage, inLoop);
  for (const { stage, stack, columns } of products.values()) {
    const stride = product(elementBytes, columns);
    const names = stage.vectors.map(({ name }) => name).join(', ');
    scratch.push({ name: stack, rowBytes: stride, per: 'sequence', comment: names });
    stage.vectors.forEach(({ name }, index) => {
      const above = stage.vectors.slice(0, index).flatMap(({ shape }) => shape);
      put(name, { pointer: stack, start: product(elementBytes, total(above)), stride });
    });
  }
  const commits = new Map<string, string>();
  adjoint.states.forEach((state, index) => {
    if (inPlace[index]) put(state.outgoing.name, places.get(state.incoming.name)!);
    else commits.set(state.incoming.name, state.outgoing.name);
  });
  const inputGradients = cell.inputs.map(({ name, shape }) =>
    given({ kind: 'reference', name: adjoint.gradients.get(name)!, shape }),
  );
  for (const [stage, inLoop] of stages) {
    for (const { name, shape } of storesOf(stage)) {
      if (places.has(name)) continue;
      checkVector(name, shape);
      const rowBytes = up(bytesOf(shape), VECTOR_BYTES);
      scratch.push({ name: arrayOf(name), rowBytes, per: lifetime(name, inLoop), comment: name });
      put(name, { pointer: arrayOf(name), start: 0, stride: rowBytes });
    }
  }

  const early = new Map<string, Shape>();
  for (const { name, shape } of cell.parameters) early.set(name, shape);
  for (const { name, value } of definitionsOf(prepare)) early.set(name, value.shape);
  const read = new Set([...step, ...after].flatMap((stage) => (stage.kind === 'elementwise' ? readsOf(stage) : [])));
  for (const name of finish.flatMap(({ value }) => namesIn(value))) read.add(name);
  for (const stage of prepare) if (stage.kind === 'elementwise') for (const name of stage.stores) read.add(name);
  for (const [name, shape] of early) {
    if (!read.has(name)) continue;
    weights.push({ name: arrayOf(name), bytes: up(bytesOf(shape), VECTOR_BYTES), comment: name });
    put(name, { pointer: arrayOf(name), start: 0, stride: 0 });
  }
  return {
    dimensions: dimensionsOf(cell),
    inputs,
    output,
    incoming,
    inputGradients,
    products,
    weights,
    scratch,
    sums: sumLayouts(program, elementBytes),
    places,
    copies,
    commits,
  };
}

/** What other stages read of an element-wise stage. */
function storesOf(stage: AdjointStage): readonly Reference[] {
  if (stage.kind !== 'elementwise') return [];
  return stage.stores.map((name) => ({ kind: 'reference', name, shape: stage.shape }));
}

const namesOfSum = (operand: Reference | undefined, blocks: AdjointSchedule['sums'][number]['blocks']): string[] => [
  ...blocks.map(({ adjoint }) => adjoint.name),
  ...(operand ? [operand.name] : []),
];

function checkVector(name: string, { length }: Shape): void {
  if (length !== 1) throw new TypeError(`${name}: a number that each row has is not supported by this emitter`);
}

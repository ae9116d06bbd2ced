import type { Mode } from '../backend/engine.ts';
import type { Operand } from '../backend/signature.ts';
import type { Steps } from '../drive.ts';
import { cellResult, hasOwnOutputs } from '../layers/results.ts';
import type { StackShape } from '../layers/shape.ts';
import type { RowResults, RowSequence } from '../layers/stack.ts';
import { listStates, namedStates } from '../sequences/states.ts';
import { type FloatArray, sizeOf, type Tensor, zeros } from '../tensor.ts';
import { checkLike, listCotangents } from './cotangents.ts';
import { type Differentiated, makePullback } from './pullback.ts';
import { recordRun, type Source } from './record.ts';

/** A checked row or batch of rows for a cell. */
export interface CellRows extends RowSequence {
  /** [B], or [] for one row: what stands before the shape of a row. */
  readonly leading: readonly number[];
}

/** The `vjp` of a cell. */
export function* cellGradients<M extends Mode, B>(source: Source<M, B>, cell: CellRows): Steps<Differentiated<M>> {
  const { shape } = source;
  const { leading } = cell;
  const { pullback, ownsMemory, release, ...results } = yield* recordRun(source, cell);
  const where = `${shape.name}.vjp: pullback`;
  const tensors = (of: readonly Operand[], data: readonly FloatArray[]): Tensor[] =>
    of.map(({ row }, i) => ({ data: data[i]!, shape: [...leading, ...row] }));
  function read(given: unknown): RowResults {
    source.checkAlive('vjp: pullback');
    return readCotangents(where, given, shape, leading);
  }
  function* back(adjoints: RowResults): Steps<object> {
    const found = yield* pullback(adjoints);
    return {
      input: shape.inputForm.unlist(tensors(shape.inputs, found.inputs), shape.inputs),
      ...namedStates(tensors(shape.states.values, found.states[0]!), shape.states.values, 'x'),
      parameters: found.parameters,
    };
  }
  return {
    output: cellResult(shape, leading, results),
    pullback: makePullback(where, source.driver, read, back, { ownsMemory, release }),
  };
}

/** The gradients of what `forward` gives, in whatever form that has. */
function readCotangents(where: string, given: unknown, shape: StackShape, leading: readonly number[]): RowResults {
  const { outputs, states, dtype } = shape;
  const own = hasOwnOutputs(shape);
  const [ofOutputs, ofStates] = own
    ? listCotangents(where, given, shape, '1')
    : [[], listStates(where, given, states.values, '1')];
  const none = ({ row }: Operand): FloatArray => zeros(dtype, sizeOf([...leading, ...row]));
  const read = (label: string, cotangent: unknown, operand: Operand): FloatArray =>
    own && (cotangent ?? null) === null
      ? none(operand)
      : checkLike(label, cotangent, [...leading, ...operand.row], dtype).data;
  const several = own || states.values.length > 1;
  return {
    outputs: outputs.map((output, i) => (own ? read(...ofOutputs[i]!, output) : none(output))),
    states: [states.values.map((state, i) => read(several ? `${where}: ${state.name}1` : where, ofStates[i], state))],
  };
}

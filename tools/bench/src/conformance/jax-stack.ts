import type { JaxArray } from '../peers/jax-step.ts';
import { type Jax, type Side, steps } from './jax-cells.ts';
import { type Batch, directionsOf, type LayersWanted } from './peer-adapter.ts';

/** Operands of a call. */
export interface Operands {
  readonly input: JaxArray;
  /** Of each direction of each layer. */
  readonly states: readonly (readonly JaxArray[])[];
  readonly sides: readonly (readonly Side[])[];
}

/** What layers give. */
interface Stacked {
  /** [T, B, D·H] */
  readonly output: JaxArray;
  /** Of each direction of each layer. */
  readonly last: readonly (readonly JaxArray[])[];
}

/** How long the sequences are. */
export type Lengths = Pick<Batch, 'steps' | 'batch' | 'lengths'>;

/** Layer after layer: the output [T, B, D·H], and the last states. All operands are consumed. */
export function stackOf(jax: Jax, wanted: LayersWanted, batch: Lengths, { input, states, sides }: Operands): Stacked {
  const { numpy: np } = jax;
  const D = directionsOf(wanted);
  const last: (readonly JaxArray[])[] = [];
  let below = input;
  for (const [layer, directions] of sides.entries()) {
    const outputs = directions.map((side, direction) => {
      const done = sequenceOf(jax, wanted, batch, below.ref, states[layer * D + direction]!, side, direction === 1);
      last.push(done.states);
      return done.output;
    });
    below.dispose();
    below = outputs.length === 1 ? outputs[0]! : np.concatenate(outputs, 2);
  }
  return { output: below, last };
}

/** One direction of one layer, step by step. */
function sequenceOf(
  jax: Jax,
  { cell }: LayersWanted,
  { steps: T, batch, lengths }: Lengths,
  input: JaxArray,
  initial: readonly JaxArray[],
  side: Side,
  backwards: boolean,
) {
  const { numpy: np } = jax;
  const step = steps[cell.name]!;
  const outputs: JaxArray[] = new Array(T);
  let states = initial;
  for (let index = 0; index < T; index++) {
    const t = backwards ? T - 1 - index : index;
    const x = input.ref.slice(t);
    if (!lengths) states = step(jax, x, states, side);
    else {
      const before = states.map(({ ref }) => ref);
      const is = np.greater(
        np.array(Float32Array.from(lengths, (length) => (t < length ? 1 : 0))).reshape([batch, 1]),
        0,
      );
      states = step(jax, x, states, side).map((next, s) => np.where(is.ref, next, before[s]!));
      is.dispose();
    }
    outputs[t] = states[0]!.ref;
  }
  for (const array of [input, ...Object.values(side)]) array.dispose();
  return { output: np.stack(outputs, 0), states };
}

import type { Kind } from '../kinds/kind.ts';

// torch's words for states of the wrong shape: one state is `hidden`, of several each has a number.

/** `Expected hidden size (1, 2, 5)`, or for each of several states `Expected hidden[0] size (1, 2, 5)`. */
export const expectedStates = ({ cell }: Kind, shapes: readonly (readonly number[])[]): string[] =>
  shapes.map((shape, index) => {
    const name = cell.states.length === 1 ? 'hidden' : `hidden[${index}]`;
    return `Expected ${name} size (${shape.join(', ')})`;
  });

/** `For batched 3-D input, hx should also be 3-D but got 2-D tensor`, or of an LSTM's two states. */
export function expectedDimensions({ cell }: Kind, batched: boolean): string {
  const [how, input, states] = batched ? ['batched', 3, 2] : ['unbatched', 2, 3];
  const got = cell.states.length === 1 ? `hx should also be ${input}-D but got ${states}-D tensor` : '';
  const all = cell.states.map(() => `${states}-D`).join(', ');
  const several = `hx and cx should also be ${input}-D but got (${all}) tensors`;
  return `For ${how} ${input}-D input, ${got || several}`;
}

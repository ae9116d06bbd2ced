import type { Tensor } from '../src/index.ts';
import type { TestCell, Values } from './any-cell.ts';

/** One sequence through a stack of cells, written without the runtime. */
export function runStack(
  { signature, step }: TestCell,
  dict: Readonly<Record<string, Tensor>>,
  sequence: { readonly steps: readonly Values[]; readonly states: readonly Values[] },
  { numLayers = 1, bidirectional = false } = {},
): { outputs: Record<string, number[]>[]; states: Values[] } {
  const suffixes = bidirectional ? ['', '_reverse'] : [''];
  const finals: Values[] = [];
  let below: readonly Values[] = sequence.steps;
  let outputs: Record<string, number[]>[] = [];
  for (let layer = 0; layer < numLayers; layer++) {
    outputs = below.map(() => Object.fromEntries(signature.outputs.map(({ name }) => [name, []])));
    for (const [direction, suffix] of suffixes.entries()) {
      const parameters = Object.fromEntries(
        Object.entries(signature.parameters).map(([layout, { blocks, shape, recurrent }]) => {
          const isStacked = recurrent ?? signature.states.length > 0;
          const found = dict[isStacked ? `${layout}_l${layer}${suffix}` : layout];
          // A bias that was opted out of is zeros.
          const zeros = new Float64Array(blocks.length * finalsWidth(sequence.states, shape.length));
          return [layout, [...(found?.data ?? zeros)]];
        }),
      );
      let states = sequence.states[layer * suffixes.length + direction]!;
      const order = [...below.keys()];
      for (const t of direction === 1 ? order.reverse() : order) {
        const next = step({ ...parameters, ...below[t]!, ...states });
        states = Object.fromEntries(signature.states.map(({ name }) => [name, next[name]!]));
        for (const { name, state } of signature.outputs) outputs[t]![name]!.push(...next[state ?? name]!);
      }
      finals.push(states);
    }
    const input = signature.inputs[0]!.name;
    const output = signature.outputs[0]!.name;
    below = outputs.map((of) => ({ [input]: of[output]! }));
  }
  return { outputs, states: finals };
}

/** Elements of a bias: as many as the last state has. */
const finalsWidth = (states: readonly Values[], rank: number): number =>
  rank === 1 ? Object.values(states[0]!).at(-1)!.length : 0;

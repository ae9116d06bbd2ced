import * as fc from 'fast-check';
import { settled } from '../engine/outcome.ts';
import { ACCEPTED, type Surface, surface } from '../engine/surface.ts';
import { anyBackend, backends } from './any-backend.ts';
import { textOf } from './results.ts';

/** A dict: which of a layer's tensors it has, and others, of any names and shapes. */
interface Input {
  readonly backend: string;
  readonly left: readonly string[];
  readonly others: readonly (readonly [name: string, shape: readonly number[]])[];
  readonly prefix: string;
  readonly strict: boolean;
}

/** Of a GRU of 2 features and 3 states, in two layers. */
const SHAPES: readonly (readonly [string, readonly number[]])[] = ['l0', 'l1'].flatMap((layer, i) => [
  [`weight_ih_${layer}`, [9, i === 0 ? 2 : 3]] as const,
  [`weight_hh_${layer}`, [9, 3]] as const,
  [`bias_ih_${layer}`, [9]] as const,
  [`bias_hh_${layer}`, [9]] as const,
]);

const own = fc.constantFrom(...SHAPES.map(([name]) => name));
const name = fc.oneof(
  own,
  fc.constantFrom('weight_ih_l2', 'weight_ih_l0_reverse', '__proto__', 'toString', 'l0', 'kernel', ''),
  fc.string({ maxLength: 9 }),
);
const shape = fc.oneof(
  fc.constantFrom([9, 2], [9, 3], [9], [2, 9], [3, 3], [1, 9], [], [0]),
  fc.array(fc.nat(4), { maxLength: 3 }),
);

const inputs: fc.Arbitrary<Input> = fc.record({
  backend: anyBackend,
  left: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.uniqueArray(own, { maxLength: 8 })),
  others: fc.array(fc.tuple(name, shape), { maxLength: 3 }),
  prefix: fc.constantFrom('', 'rnn.', 'a.b.'),
  strict: fc.boolean(),
});

function dictOf({ left, others, prefix }: Input): object {
  const entries = [...SHAPES.filter(([name]) => !left.includes(name)), ...others].map(([name, shape], k) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const data = Float32Array.from({ length: size }, (_, i) => Math.cos(i + 10 * k));
    return [prefix + name, { data, shape }] as const;
  });
  const dict = {};
  // Also of `__proto__`.
  for (const [name, value] of entries)
    Object.defineProperty(dict, name, { value, enumerable: true, configurable: true });
  return dict;
}

const x = { data: Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)), shape: [3, 2, 2] };

/** Whatever a dict has: it is loaded whole, or the layer and its streams are bit for bit as they were. */
export const stateDicts: Surface = surface(
  'state-dicts',
  inputs,
  async (input, say) => {
    const { classes, options } = backends.get(input.backend)!;
    const layer = (await classes['GRU']!['create']!({
      ...{ inputSize: 2, hiddenSize: 3, numLayers: 2, seed: 5 },
      ...options,
    })) as (typeof classes)[string];
    const kept = async (): Promise<string> => textOf([layer['stateDict']!(), await layer['forward']!(x)]);
    const before = await kept();
    const { prefix, strict } = input;
    const { refused } = await settled(() => layer['loadStateDict']!(dictOf(input), { prefix, strict }));
    const after = await kept();
    if (refused !== undefined && after !== before)
      throw new Error(`refused with ${refused}, and the layer has changed`);
    await layer['dispose']!();
    say(refused ?? ACCEPTED);
  },
  { frozen: true },
);

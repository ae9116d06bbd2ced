import * as fc from 'fast-check';

/** Something that takes what anybody gives it. */
export interface Surface {
  /** As `--only` names it. */
  readonly name: string;
  /** Whether it is also tried where every intrinsic of JavaScript is frozen. */
  readonly frozen: boolean;
  /**
   * Tries inputs that follow from a seed.
   *
   * @param tries  called before each, with its index; with that of the first one that failed while smaller ones are looked for
   */
  run(plan: Plan, tries: (index: number) => void, say: Say): Promise<fc.RunDetails<unknown>>;
  /** The input at a path, as a text. */
  inputAt(seed: number, path: string): string;
}

/** Which inputs: so many from a seed on, or the one at a path, as fast-check calls what it shrank. */
export interface Plan {
  readonly seed: number;
  readonly inputs: number;
  readonly path?: string | undefined;
}

/** Takes what a call came to: `accepted`, or the code of a refusal. */
export type Say = (outcome: string) => void;

export const ACCEPTED = 'accepted';

/** Milliseconds that looking for a smaller input that fails may take. */
const SHRINKING = 20_000;

/**
 * @param inputs  what it may be given: plain data, so that what fails can be printed
 * @param check   gives it that; throws where a promise of docs/reliability.md is broken
 */
export function surface<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  check: (input: T, say: Say) => void | Promise<void>,
  { frozen = false }: { readonly frozen?: boolean } = {},
): Surface {
  return {
    name,
    frozen,
    async run({ seed, inputs: numRuns, path }, tries, say) {
      let index = 0;
      let failed: number | undefined;
      const property = fc.asyncProperty(inputs, async (input) => {
        const at = failed ?? index++;
        tries(at);
        try {
          await check(input, say);
        } catch (error) {
          failed ??= at;
          throw error;
        }
      });
      const which = path === undefined ? { numRuns } : { path, numRuns: 1, endOnFailure: true };
      return fc.check(property, { seed, ...which, plugins: [fc.interruptAfterTimeLimit(SHRINKING)] });
    },
    inputAt: (seed, path) => fc.stringify(fc.sample(inputs, { seed, path, numRuns: 1 })[0]),
  };
}

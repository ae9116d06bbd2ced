const tests: (() => Promise<void>)[] = [];

/** vitest's `test`, as a block sees it. */
export const test = (_: string, run: () => Promise<void>): void => {
  tests.push(run);
};

/** Runs what a block registered; fails with the first of its tests that fails. */
export async function runRegistered(): Promise<void> {
  for (const run of tests.splice(0)) await run();
}

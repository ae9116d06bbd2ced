import type { Check } from '../checks/check.ts';
import { checks } from '../checks/checks.ts';
import { backendOf, hasKind, inMode } from '../subject/open.ts';
import type { Backend, BackendModule } from '../subject/subject.ts';

/** The backend package's module, or a promise of it. */
export type Factory = () => BackendModule | Promise<BackendModule>;

/** What to test, and how much. */
export interface ConformanceOptions {
  /** The backend's own options for `create`, e.g. `{ device: 'webgpu' }`. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** Leaves checks out; for experiments such as the suite's own mutants. Default: all of them. */
  readonly select?: ((check: Check) => boolean) | undefined;
  /** Where the property-based checks start. Default: 1, so that a run can be repeated. */
  readonly seed?: number | undefined;
  /** Examples of each property. Default: 20. */
  readonly runs?: number | undefined;
}

/** What became of one check. */
export interface CheckResult {
  /** The cell whose layers are checked. */
  readonly cell: string;
  readonly group: string;
  readonly title: string;
  /** `refused`: the backend does not have this, and refuses it as documented, which is right. */
  readonly status: 'passed' | 'refused' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  readonly reason?: string;
  readonly milliseconds: number;
}

/** What `runConformance` gives. */
export interface Report {
  readonly backend: string;
  /** What ran it, where the backend has a choice. */
  readonly device?: string;
  readonly supports: Readonly<Record<string, boolean>>;
  /** Checks that went as they must, documented refusals included. */
  readonly passed: number;
  /** How many of these are documented refusals. */
  readonly refused: number;
  readonly failed: number;
  /** Checks that were left out by `select`. */
  readonly skipped: number;
  readonly total: number;
  readonly results: readonly CheckResult[];
}

/**
 * Registers every check with a test runner: of the classes that the module exports.
 *
 * @param given.test     registers one test: `test` of vitest, node:test, mocha, jest, …
 * @param given.factory  gives the module under test; called once. Where it gives a promise, what is exported is not known
 *                       yet: tests of a class that is missing then do nothing
 * @example
 * import { conformance } from '@congruent/conformance';
 * import { test } from 'vitest';
 * import * as scalar from '@congruent/scalar';
 *
 * conformance({ test, factory: () => scalar });
 */
export function conformance(
  given: ConformanceOptions & {
    readonly test: (title: string, run: () => Promise<void>) => unknown;
    readonly factory: Factory;
  },
): void {
  const module = given.factory();
  const backend = Promise.resolve(module).then((opened) => open(opened, given));
  // Each test says so; without any there is nobody to tell.
  backend.catch(() => {});
  const selected = checks.filter(given.select ?? (() => true));
  for (const { title, kind, run } of module instanceof Promise ? selected : selected.filter(isOf(module))) {
    given.test(title, async () => {
      const opened = await backend;
      if (hasKind(opened.module, kind)) await run(opened);
    });
  }
}

/**
 * Runs every check, one after the other, and reports; it does not throw for a check that fails.
 *
 * @example
 * const { passed, total } = await runConformance(() => import('@congruent/scalar'));
 * console.log(`conformance ${passed} of ${total}`);
 */
export async function runConformance(factory: Factory, options: ConformanceOptions = {}): Promise<Report> {
  const module = await factory();
  const tested = await open(module, options);
  const results: CheckResult[] = [];
  for (const check of checks.filter(isOf(module))) results.push(await resultOf(check, tested, options.select));
  const count = (...statuses: CheckResult['status'][]): number =>
    results.filter(({ status }) => statuses.includes(status)).length;
  return {
    backend: tested.backend.name,
    ...(tested.device === undefined ? {} : { device: tested.device }),
    supports: { ...tested.backend.supports },
    passed: count('passed', 'refused'),
    refused: count('refused'),
    failed: count('failed'),
    skipped: count('skipped'),
    total: results.length,
    results,
  };
}

const open = (module: BackendModule, { options = {}, seed = 1, runs = 20 }: ConformanceOptions): Promise<Backend> =>
  inMode(backendOf(module, options, { seed, runs }));

/** Whether a check is of a class that a backend exports. */
const isOf =
  (module: BackendModule) =>
  ({ kind }: Check): boolean =>
    hasKind(module, kind);

async function resultOf(check: Check, backend: Backend, select: ConformanceOptions['select']): Promise<CheckResult> {
  const { group, title, kind } = check;
  const of = { cell: kind.cell.name, group, title };
  if (select && !select(check)) return { ...of, status: 'skipped', reason: 'not selected', milliseconds: 0 };
  const started = Date.now();
  try {
    const status = await check.run(backend);
    return { ...of, status, milliseconds: Date.now() - started };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...of, status: 'failed', reason, milliseconds: Date.now() - started };
  }
}

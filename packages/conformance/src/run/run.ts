import type { Check } from '../checks/check.ts';
import { checks } from '../checks/checks.ts';
import { inMode, subjectOf } from '../subject/open.ts';
import type { BackendModule, Subject } from '../subject/subject.ts';

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
 * Registers every check with a test runner.
 *
 * @param given.test     registers one test: `test` of vitest, node:test, mocha, jest, …
 * @param given.factory  gives the module under test; called once
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
  let subject: Promise<Subject> | undefined;
  for (const check of checks.filter(given.select ?? (() => true))) {
    given.test(check.title, async () => {
      subject ??= open(given.factory, given);
      await check.run(await subject);
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
  const subject = await open(factory, options);
  const results: CheckResult[] = [];
  for (const check of checks) results.push(await resultOf(check, subject, options.select));
  const count = (...statuses: CheckResult['status'][]): number =>
    results.filter(({ status }) => statuses.includes(status)).length;
  return {
    backend: subject.backend.name,
    ...(subject.device === undefined ? {} : { device: subject.device }),
    supports: { ...subject.backend.supports },
    passed: count('passed', 'refused'),
    refused: count('refused'),
    failed: count('failed'),
    skipped: count('skipped'),
    total: results.length,
    results,
  };
}

const open = async (factory: Factory, { options = {}, seed = 1, runs = 20 }: ConformanceOptions): Promise<Subject> =>
  inMode(subjectOf(await factory(), options, { seed, runs }));

async function resultOf(check: Check, subject: Subject, select: ConformanceOptions['select']): Promise<CheckResult> {
  const { group, title } = check;
  if (select && !select(check)) return { group, title, status: 'skipped', reason: 'not selected', milliseconds: 0 };
  const started = Date.now();
  try {
    const status = await check.run(subject);
    return { group, title, status, milliseconds: Date.now() - started };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { group, title, status: 'failed', reason, milliseconds: Date.now() - started };
  }
}

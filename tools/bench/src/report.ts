import type { Machine } from './machine.ts';
import type { NativeLimits } from './native-limits.ts';
import type { Parts } from './parts.ts';
import type { Residuals } from './residuals.ts';
import type { Summary } from './statistics.ts';
import type { Work } from './works.ts';

/** A work with the time of one run by contestant. */
export interface TimedRow {
  readonly work: Work;
  /** Microseconds in which WebAssembly reads the weights and does nothing else. */
  readonly reading: number;
  /** What native code cannot pass; absent where there is no C compiler. */
  readonly native?: NativeLimits;
  readonly times: readonly Times[];
  /** Of a row that trains. */
  readonly residuals?: Residuals;
}

export interface Times {
  readonly name: string;
  readonly microseconds: Summary;
  /** Of what a run consists of, where that can be told apart. */
  readonly parts?: Parts<Summary>;
}

/** From the import to the first result. */
export interface ColdRow {
  readonly name: string;
  readonly milliseconds: Summary;
}

/** Bytes, gzipped. */
export interface PageRow {
  readonly name: string;
  readonly javascript: number;
  readonly wasm: number;
}

/** Everything a run found; what `--json` prints. */
export interface Report {
  readonly machine: Machine;
  readonly quick: boolean;
  /** Which contestants are this workspace's backends. */
  readonly backends: readonly string[];
  readonly notes: readonly string[];
  readonly timed: readonly TimedRow[];
  readonly cold: readonly ColdRow[];
  readonly page: readonly PageRow[];
  /** Whatever did not start, or gave other results, and was therefore not timed. */
  readonly problems: readonly string[];
}

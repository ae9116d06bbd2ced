import { modesOf } from '../subject/modes.ts';
import { firstLayers } from '../subject/open.ts';
import type { BackendModule } from '../subject/subject.ts';
import { type ConformanceOptions, type Report, runConformance } from './run.ts';

/** What became of the checks in one mode. */
export interface ModeReport extends Report {
  /** E.g. `device cpu`; empty where the backend has no choice. */
  readonly mode: string;
}

/** What became of the checks in every mode; counts are those of all modes together. */
export interface Summary extends Pick<Report, 'backend' | 'passed' | 'refused' | 'failed' | 'skipped' | 'total'> {
  readonly modes: readonly ModeReport[];
  /** Modes on devices that this machine does not have. */
  readonly absent: readonly string[];
}

/**
 * Runs every check in every mode that the backend declares and this machine has.
 *
 * @param given.options  leave those modes that have them, e.g. `{ device: 'cpu' }`
 */
export async function runModes(module: BackendModule, given: ConformanceOptions = {}): Promise<Summary> {
  const modes: ModeReport[] = [];
  const absent: string[] = [];
  for (const { title, options } of modesOf(module.backend, given.options)) {
    if (await isPresent(module, options)) {
      modes.push({ mode: title, ...(await runConformance(() => module, { ...given, options })) });
    } else absent.push(title);
  }
  const sum = (count: 'passed' | 'refused' | 'failed' | 'skipped' | 'total'): number =>
    modes.reduce((total, report) => total + report[count], 0);
  return {
    backend: module.backend.name,
    passed: sum('passed'),
    refused: sum('refused'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    total: sum('total'),
    modes,
    absent,
  };
}

/** Whether the device that a mode asks for is there; any other fault is for the checks to find. */
async function isPresent(module: BackendModule, options: Readonly<Record<string, unknown>>): Promise<boolean> {
  try {
    (await firstLayers(module, options)).dispose();
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code !== 'CONGRUENT_DEVICE';
  }
}

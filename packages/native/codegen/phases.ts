import type { Plan, PlanPhase } from '@congruent/codegen';
import { functionOf } from './memory.ts';
import { codeOf, type Setting } from './stages.ts';

/** A phase and the function that it has become. */
export interface PhaseFunction {
  readonly kind: PlanPhase['kind'];
  readonly name: string;
}

/** A function for each phase that has anything to do. */
export function phaseFunctions({ direction, phases }: Plan, setting: Setting): readonly PhaseFunction[] {
  return phases
    .filter(({ stages }) => stages.length > 0)
    .map(({ kind, stages }) => {
      const body = [
        `const ${direction} *const m = memory;`,
        ...stages.flatMap((stage) => codeOf(stage, setting, true)),
      ];
      const head = (name: string): string => `static void ${name}(const void *memory, congruent_span at)`;
      return { kind, name: setting.functions.add(`${kind}_${direction}`, (name) => functionOf(head(name), body)) };
    });
}

/** Every loop over time, with the phase for rows that stands before it; other phases for rows alone. */
export function loopsOf(phases: readonly PhaseFunction[]): string {
  const loops = phases.flatMap(({ kind, name }, index) => {
    const [before, after] = [phases[index - 1], phases[index + 1]];
    if (kind === 'steps') return [`{${before?.kind === 'rows' ? before.name : 'NULL'}, ${name}}`];
    return after?.kind === 'steps' ? [] : [`{${name}, NULL}`];
  });
  return loops.length === 0 ? '{NULL, NULL}' : loops.join(', ');
}

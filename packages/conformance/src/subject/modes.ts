import type { BackendInfo } from '@congruent/runtime';

type Supports = BackendInfo['supports'];
type Options = Readonly<Record<string, unknown>>;

/** What the options behind a capability change of what a backend says of itself, for every backend that declares it. */
const CHANGES = [
  // The mode promises accuracy, and not bits: then what holds for any backend that is not deterministic.
  { capability: 'relaxed', option: 'math', value: 'relaxed', supports: { deterministic: false } },
] as const;

/** One way to run a backend. */
export interface Mode {
  /** For people: `device cpu, math relaxed`; empty where there is no choice. */
  readonly title: string;
  /** For `create`. */
  readonly options: Options;
}

/**
 * Every mode that a backend declares: on each of its devices, without options and with each that it supports.
 *
 * @param given  options of its own that leave only the modes that have them; others are passed on to `create`
 */
export function modesOf({ supports, devices }: BackendInfo, given: Options = {}): Mode[] {
  const onDevices: Options[] =
    devices && given['device'] !== 'auto' ? Object.keys(devices).map((device) => ({ device })) : [{}];
  const all = onDevices.flatMap((options): Options[] => {
    const own = devices?.[`${options['device']}`] ?? supports;
    const more = CHANGES.filter(({ capability }) => own[capability]);
    return [options, ...more.map(({ option, value }) => ({ ...options, [option]: value }))];
  });
  return all
    .filter((options) => agree(options, given))
    .map((options) => ({
      title: Object.entries(options)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
      options: { ...options, ...given },
    }));
}

/** What a backend with these options promises otherwise than it says of itself. */
export const changesOf = (supports: Supports, options: Options): Partial<Supports> =>
  Object.assign(
    {},
    ...CHANGES.filter(({ capability, option, value }) => supports[capability] && options[option] === value).map(
      (change) => change.supports,
    ),
  );

/** Whether a mode is one that was asked for. */
function agree(options: Options, given: Options): boolean {
  if (given['device'] !== undefined && options['device'] !== undefined && given['device'] !== options['device']) {
    return false;
  }
  return CHANGES.every(
    ({ option, value }) => given[option] === undefined || (given[option] === value) === (options[option] === value),
  );
}

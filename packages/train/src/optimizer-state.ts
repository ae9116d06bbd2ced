import { CongruentError, dtypeOf, type FloatArray, shapeText, type Tensor } from '@congruent/runtime';
import { checkTensors, copied, quoted } from './tensor-records.ts';

/** What an optimiser remembers of one parameter. */
export interface ParameterState {
  /** How often it was updated. */
  readonly step: number;
  readonly shape: readonly number[];
  /** In the order of the rule's names, of the parameter's shape. */
  readonly moments: readonly FloatArray[];
}

/** By the parameter's name. */
export type OptimizerState = ReadonlyMap<string, ParameterState>;

/** The count of updates, beside the moments: `weight.step`, `weight.exp_avg`. */
const STEP = 'step';

/** Copies, as tensors by parameter and torch's name. */
export function writeOptimizerState(moments: readonly string[], states: OptimizerState): Record<string, Tensor> {
  const entries = [...states].flatMap(([name, state]): [string, Tensor][] => [
    [`${name}.${STEP}`, { data: Float64Array.of(state.step), shape: [] }],
    ...moments.map((moment, i): [string, Tensor] => [`${name}.${moment}`, copied(state.moments[i]!, state.shape)]),
  ]);
  return Object.fromEntries(entries);
}

/**
 * The state that `writeOptimizerState` wrote, as copies.
 *
 * @param where  the start of an error message, e.g. `Adam.loadStateDict`
 * @throws CONGRUENT_STATE_DICT when names or counts do not fit; CONGRUENT_SHAPE, CONGRUENT_DTYPE when a value is no tensor
 */
export function readOptimizerState(where: string, moments: readonly string[], given: unknown): OptimizerState {
  const tensors = checkTensors(where, given);
  const known = [STEP, ...moments];
  const split = [...tensors.keys()].map((key) => ({ key, at: key.lastIndexOf('.') }));
  const unexpected = split.filter(({ key, at }) => at < 0 || !known.includes(key.slice(at + 1)));
  const names = new Set(split.filter((one) => !unexpected.includes(one)).map(({ key, at }) => key.slice(0, at)));
  const missing = [...names]
    .flatMap((name) => known.map((slot) => `${name}.${slot}`))
    .filter((key) => !tensors.has(key));
  const problems = [
    missing.length > 0 ? `Missing key(s) in state_dict: ${quoted(missing)}. ` : '',
    unexpected.length > 0 ? `Unexpected key(s) in state_dict: ${quoted(unexpected.map(({ key }) => key))}. ` : '',
  ].join('');
  if (problems !== '') {
    throw new CongruentError(
      'CONGRUENT_STATE_DICT',
      `${where}: ${problems}Each parameter has ${quoted(known)} behind its name and a dot. ` +
        'Nothing was loaded; give what stateDict() of the same kind of optimizer gave.',
    );
  }
  return new Map([...names].map((name) => [name, readState(where, name, moments, tensors)]));
}

function readState(
  where: string,
  name: string,
  moments: readonly string[],
  tensors: ReadonlyMap<string, Tensor>,
): ParameterState {
  const { data } = tensors.get(`${name}.${STEP}`)!;
  const step = data[0]!;
  if (data.length !== 1 || !Number.isSafeInteger(step) || step < 1) {
    throw new CongruentError(
      'CONGRUENT_STATE_DICT',
      `${where}: ${name}.${STEP} must be one integer ≥ 1, got [${data.join(', ')}]. Nothing was loaded.`,
    );
  }
  const read = moments.map((moment) => tensors.get(`${name}.${moment}`)!);
  const shapes = new Set(read.map(({ shape }) => shapeText(shape)));
  const dtypes = new Set(read.map((moment) => dtypeOf(moment.data)));
  if (shapes.size > 1 || dtypes.size > 1) {
    throw new CongruentError(
      'CONGRUENT_STATE_DICT',
      `${where}: ${quoted(moments)} of ${name} must have one shape and one type, got ${[...shapes, ...dtypes].join(' and ')}. ` +
        'Nothing was loaded.',
    );
  }
  return { step, shape: [...(read[0]?.shape ?? [])], moments: read.map((moment) => moment.data.slice()) };
}

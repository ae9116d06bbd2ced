import { dictEntries } from '../dict.ts';
import type { StoredTensor } from '../formats/elements.ts';
import type { Parameter } from '../parameters/parameters.ts';
import { type Misfit, quoted } from '../parameters/state-dict.ts';

/** The class whose parameters have so many gates. */
const CLASSES: Readonly<Record<number, string>> = { 1: 'RNN', 3: 'GRU', 4: 'LSTM' };

/** Classes of torch's; cells of one's own may have any names. */
const TORCH = /^(GRU|LSTM|RNN)/;

/** How names end in the layouts of other frameworks, and in their files. */
const FRAMEWORKS = { onnx: /(^|[._/])[WRB](_l\d+)?$/, keras: /kernel(_l\d+|:0)?$/ };

/** How the names of those end that torch makes one weight of, as weight_norm does. */
const PARTS = /_(g|v|raw|orig)$|parametrizations/;

/** Where the dict lies in a layer of readModel, and in what that and readSafetensors give. */
const INSIDE = ['parameters', 'tensors'];

/** Shapes by name, as texts. */
type Shapes = ReadonlyMap<string, string>;

/** Why a dict does not fit, and what to do, where names and shapes tell; with a space before it. */
export function dictHint(misfit: Misfit): string {
  const { parameters, given, prefix } = misfit;
  const shapes = shapesIn(given);
  const isWhole = parameters.every(({ name }) => shapes.has(prefix + name));
  const elsewhere = isWhole
    ? undefined
    : (inside(shapes) ?? behindPrefix(misfit, shapes) ?? otherNames(misfit, shapes));
  return sentence(elsewhere ?? otherShape(misfit, shapes) ?? otherOptions(misfit, shapes));
}

/** The same of shapes alone, where the sizes were read from the dict. */
export const shapeHint = (misfit: Misfit): string => sentence(otherShape(misfit, shapesIn(misfit.given)));

const sentence = (hint: string | undefined): string => (hint ? ` ${hint}.` : '');

const shapesIn = (given: unknown): Shapes =>
  new Map((dictEntries(given) ?? []).map(([name, value]) => [name, shapeOf(value)]));

/** Of integers, their type stands for it. */
function shapeOf(value: unknown): string {
  try {
    const { shape, dtype } = value as Partial<StoredTensor>;
    return /int/.test(dtype ?? '') ? dtype! : `${shape ?? NO_SHAPE}`;
  } catch {
    return NO_SHAPE; // no object, or a revoked proxy
  }
}

/** Of what is no tensor. */
const NO_SHAPE = '?';

/** What to pass in place of what a reader gave as a whole. */
function inside(shapes: Shapes): string | undefined {
  const name = INSIDE.find((each) => shapes.get(each) === NO_SHAPE);
  return name && `The dict is inside: pass its ${name}`;
}

/** Prefixes of layers that fit, or at least have the names. */
function behindPrefix({ module, parameters, prefix }: Misfit, shapes: Shapes): string | undefined {
  const first = parameters[0]!.name;
  const prefixes = [...shapes.keys()]
    .filter((name) => `.${name}`.endsWith(`.${first}`))
    .map((name) => name.slice(0, -first.length))
    .filter((each) => each !== prefix);
  if (prefixes.includes('')) return 'The dict has these names behind no prefix: leave it out';
  const fitting = prefixes.filter((each) => fits(parameters, shapes, each));
  if (fitting.length > 0) {
    const some = fitting.length > 1 ? `${fitting.length} prefixes: pass one,` : 'a prefix: pass';
    return `The dict has these names behind ${some} { prefix: ${quoted(fitting)} }`;
  }
  if (prefixes.length === 0) return undefined;
  return `${module}.fromStateDict(dict, { prefix }) reads the options from ${quoted(prefixes)}`;
}

/** Whose names they are, where they are not those of this class. */
function otherNames({ module, prefix }: Misfit, shapes: Shapes): string | undefined {
  const has = (pattern: RegExp): boolean =>
    [...shapes.keys()].some((name) => name.startsWith(prefix) && pattern.test(name));
  if (!TORCH.test(module)) return undefined;
  for (const [framework, pattern] of Object.entries(FRAMEWORKS)) {
    if (!has(pattern)) continue;
    return `These are names of ${framework}: pass { layout: '${framework}' } if they end in _l0, else readModel of @congruent/models`;
  }
  if (has(PARTS)) return 'These are parts of weights: remove_weight_norm before saving';
  const isCell = module.endsWith('Cell');
  if (!has(isCell ? /weight_hh_l0$/ : /weight_hh$/)) return undefined;
  return `These are names of ${isCell ? `${module.slice(0, -4)}: use it, or take _l0 from` : `${module}Cell: use it, or put _l0 behind`} them`;
}

/** What the first shape says that is another one, where there are names of this class. */
function otherShape({ module, parameters, prefix }: Misfit, shapes: Shapes): string | undefined {
  for (const { name, layout, shape } of parameters) {
    const got = shapes.get(prefix + name);
    if (!got || got === `${shape}`) continue;
    if (got === NO_SHAPE) return '';
    if (got.includes('int')) return `${name} is ${got}`;
    if (got === `${[...shape].reverse()}`) return `${name} is transposed`;
    const [rows, columns] = got.split(',') as unknown as [number, number];
    const other = CLASSES[rows / columns];
    if (TORCH.test(module) && layout === 'weight_hh' && other && !module.startsWith(other)) {
      return `These are parameters of ${other}`;
    }
  }
}

/** That the class can read its options from the dict, where that has layers. */
function otherOptions({ module, parameters, prefix }: Misfit, shapes: Shapes): string | undefined {
  const layers = [...shapes.keys()].filter((name) => name.startsWith(prefix) && /_l\d/.test(name));
  return layers.length === 0 || (layers.length === parameters.length && fits(parameters, shapes, prefix))
    ? undefined
    : `${module}.fromStateDict(dict, { prefix }) reads the options from it`;
}

/** Whether a layer behind a prefix has what is needed. */
const fits = (parameters: readonly Parameter[], shapes: Shapes, prefix: string): boolean =>
  parameters.every(({ name, shape }) => shapes.get(prefix + name) === `${shape}`);

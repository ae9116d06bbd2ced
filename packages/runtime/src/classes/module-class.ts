import type { Backend } from '../backend/backend.ts';
import type { Engine, EngineOptions, Mode } from '../backend/engine.ts';
import { CongruentError } from '../errors.ts';
import { assemble, type Parts } from '../layers/module.ts';
import { layerDimensions, stackShape } from '../layers/shape.ts';
import { type CommonOptions, resolveOptions } from '../options/options.ts';
import { layerParameters } from '../parameters/parameters.ts';
import type { LoadOptions, StoredStateDict } from '../parameters/state-dict.ts';
import type { Definition, Stacking } from './definition.ts';
import { optionsFromStateDict } from './from-state-dict.ts';

/** What is needed to make one, once there is an engine. */
type Plan<M extends Mode, B> = Omit<Parts<M, B>, 'engine' | 'stack'> & { readonly options: EngineOptions };

/** A class of a backend, of layers or of cells; its type is at `ModuleClass` in api/module.ts. */
export function moduleClass<M extends Mode, B>(definition: Definition<M, B>, stacking: Stacking<M, B>): object {
  const { name } = definition;
  const { base } = stacking;
  class Made extends base {
    static override readonly name: string = name;

    constructor(parts: Parts<M, B, never>) {
      super(name, parts);
    }

    static async create(given: unknown): Promise<Made> {
      const plan = planOf(definition, stacking, given);
      return new Made(assemble({ ...plan, engine: await plan.backend.open(plan.options) }) as never);
    }

    static createSync(given: unknown): Made {
      const plan = planOf(definition, stacking, given);
      return new Made(assemble({ ...plan, engine: openSync(name, plan) }) as never);
    }

    static async fromStateDict(dict: StoredStateDict, given: LoadOptions = {}): Promise<Made> {
      return Made.#loaded(await Made.create(optionsFromStateDict(definition, stacking, dict, given)), dict, given);
    }

    static fromStateDictSync(dict: StoredStateDict, given: LoadOptions = {}): Made {
      return Made.#loaded(Made.createSync(optionsFromStateDict(definition, stacking, dict, given)), dict, given);
    }

    static #loaded(made: Made, dict: StoredStateDict, { strict, prefix, layout }: LoadOptions): Made {
      try {
        made.loadStateDict(dict, { strict, prefix, layout });
        return made;
      } catch (error) {
        made.dispose();
        throw error;
      }
    }
  }
  return Made;
}

/** Checks the options, and says which cell runs with them and how large it is. */
function planOf<M extends Mode, B>(definition: Definition<M, B>, stacking: Stacking<M, B>, asked: unknown): Plan<M, B> {
  const { name, rules } = definition;
  const where = `${name}.create`;
  const given = asked === undefined ? definition.defaults : asked;
  const options = resolveOptions<CommonOptions>(where, rules, given, definition.backend);
  const backend = definition.cell(where, options);
  const { signature } = backend;
  const sizes = definition.sizes(where, options, signature);
  const suffixes = stacking.suffixes(options);
  const dimensions = layerDimensions(signature, sizes.dimensions, suffixes.length, suffixes[0]!.length);
  const layers = suffixes.map((directions, layer) =>
    directions.map((suffix) => layerParameters(signature, dimensions[layer]!, sizes.bias, suffix)),
  );
  const shape = stackShape(name, signature, layers, options.dtype, definition.form);
  return { backend, options, shape, width: sizes.width };
}

function openSync<M extends Mode, B>(where: string, { backend, options }: Plan<M, B>): Engine<M, B> {
  if (!backend.supports.sync || backend.openSync === undefined) {
    throw new CongruentError(
      'CONGRUENT_UNSUPPORTED',
      `${where}.createSync: backend '${backend.name}' cannot start without a promise (backend.supports.sync is false). ` +
        `Use await ${where}.create(options).`,
    );
  }
  return backend.openSync(options);
}

/** The cell of a class, where the backend has it. */
export function present<M extends Mode, B>(
  where: string,
  cell: Backend<M, B> | undefined,
  option: string,
): Backend<M, B> {
  if (cell) return cell;
  throw new CongruentError(
    'CONGRUENT_UNSUPPORTED',
    `${where}: this backend has no cell for ${option}. Use another one.`,
  );
}

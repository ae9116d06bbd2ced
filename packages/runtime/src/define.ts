import type { BackendInfo, GRUCellClass, GRUClass } from './api.ts';
import type { Backend, Engine, Mode, Supports } from './backend.ts';
import { CongruentError } from './errors.ts';
import { StackedGRU } from './gru.ts';
import { SingleCell } from './gru-cell.ts';
import { assemble } from './module.ts';
import { engineOptions, resolveCellOptions, resolveGRUOptions } from './options.ts';
import { layerParameters, stackParameters } from './parameters.ts';
import type { DType } from './tensor.ts';

/** What a backend package exports. `O`: the backend's own options. */
export interface DefinedBackend<M extends Mode, O = unknown> {
  readonly GRU: GRUClass<M, O>;
  readonly GRUCell: GRUCellClass<M, O>;
  readonly backend: BackendInfo;
}

/**
 * The public classes of a backend. A backend package is its `Backend`, this call, and the re-exports of the runtime:
 *
 * @example
 * const defined: DefinedBackend<'sync'> = defineBackend(myBackend);
 * export const GRU: GRUClass<'sync'> = defined.GRU;
 * export const GRUCell: GRUCellClass<'sync'> = defined.GRUCell;
 * export const backend: BackendInfo = defined.backend;
 */
export function defineBackend<M extends Mode, B, O = unknown>(definition: Backend<M, B>): DefinedBackend<M, O> {
  const { name, supports, signature } = definition;

  const open = (dtype: DType, given: object): Promise<Engine<M, B>> =>
    definition.open(engineOptions(dtype, given, definition));

  const openSync = (where: string, dtype: DType, given: object): Engine<M, B> => {
    if (!supports.sync || definition.openSync === undefined) {
      throw new CongruentError(
        'GRU_UNSUPPORTED',
        `${where}.createSync: backend '${name}' cannot start without a promise (backend.supports.sync is false). ` +
          `Use await ${where}.create(options).`,
      );
    }
    return definition.openSync(engineOptions(dtype, given, definition));
  };

  class GRU extends StackedGRU<M, B> {
    static async create(given: object): Promise<GRU> {
      const options = resolveGRUOptions(given, definition);
      return GRU.#in(await open(options.dtype, given), options);
    }

    static createSync(given: object): GRU {
      const options = resolveGRUOptions(given, definition);
      return GRU.#in(openSync('GRU', options.dtype, given), options);
    }

    static #in(engine: Engine<M, B>, options: ReturnType<typeof resolveGRUOptions>): GRU {
      return new GRU(assemble(definition, engine, stackParameters(signature, options).flat()), options);
    }
  }

  class GRUCell extends SingleCell<M, B> {
    static async create(given: object): Promise<GRUCell> {
      const options = resolveCellOptions(given, definition);
      return GRUCell.#in(await open(options.dtype, given), options);
    }

    static createSync(given: object): GRUCell {
      const options = resolveCellOptions(given, definition);
      return GRUCell.#in(openSync('GRUCell', options.dtype, given), options);
    }

    static #in(engine: Engine<M, B>, options: ReturnType<typeof resolveCellOptions>): GRUCell {
      const dimensions = { I: options.inputSize, H: options.hiddenSize };
      const parameters = [layerParameters(signature, dimensions, options.bias, '')];
      return new GRUCell(assemble(definition, engine, parameters), options);
    }
  }

  // The prototype of a class in a generic function has lost M to the compiler.
  const classes = { GRU, GRUCell } as unknown as Pick<DefinedBackend<M, O>, 'GRU' | 'GRUCell'>;
  return { ...classes, backend: infoOf(definition) };
}

function infoOf({ name, supports, devices }: Backend): BackendInfo {
  const everywhere: Supports = Object.freeze({ ...supports, subnormals: supports.subnormals ?? true });
  if (devices === undefined) return Object.freeze({ name, supports: everywhere });
  const entries = Object.entries(devices).map(
    ([device, more]) => [device, Object.freeze({ ...everywhere, ...more })] as const,
  );
  return Object.freeze({ name, supports: everywhere, devices: Object.freeze(Object.fromEntries(entries)) });
}

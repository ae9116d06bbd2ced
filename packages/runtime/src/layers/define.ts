import type { BackendInfo, GRUCellClass, GRUClass } from '../api.ts';
import type { Backend } from '../backend/backend.ts';
import type { Engine, Mode } from '../backend/engine.ts';
import type { Supports } from '../backend/supports.ts';
import { CongruentError } from '../errors.ts';
import { engineOptions, resolveCellOptions, resolveGRUOptions } from '../options/options.ts';
import { layerParameters, stackParameters } from '../parameters/parameters.ts';
import type { DType } from '../tensor.ts';
import { StackedGRU } from './gru.ts';
import { SingleCell } from './gru-cell.ts';
import { assemble } from './module.ts';

/**
 * The GRU of a backend. A backend package is its `Backend`, a call of each of these three functions, marked as pure so that
 * a page is bundled without what it does not use, and the re-exports of the runtime; the README of this package shows it.
 */
export function defineGRU<M extends Mode, B, O = unknown>(definition: Backend<M, B>): GRUClass<M, O> {
  class GRU extends StackedGRU<M, B> {
    static async create(given: object): Promise<GRU> {
      const options = resolveGRUOptions(given, definition);
      return GRU.#in(await open(definition, options.dtype, given), options);
    }

    static createSync(given: object): GRU {
      const options = resolveGRUOptions(given, definition);
      return GRU.#in(openSync(definition, 'GRU', options.dtype, given), options);
    }

    static #in(engine: Engine<M, B>, options: ReturnType<typeof resolveGRUOptions>): GRU {
      const parameters = stackParameters(definition.signature, options).flat();
      return new GRU(assemble(definition, engine, parameters), options);
    }
  }
  // The prototype of a class in a generic function has lost M to the compiler.
  return GRU as unknown as GRUClass<M, O>;
}

/** The GRUCell of a backend. */
export function defineGRUCell<M extends Mode, B, O = unknown>(definition: Backend<M, B>): GRUCellClass<M, O> {
  class GRUCell extends SingleCell<M, B> {
    static async create(given: object): Promise<GRUCell> {
      const options = resolveCellOptions(given, definition);
      return GRUCell.#in(await open(definition, options.dtype, given), options);
    }

    static createSync(given: object): GRUCell {
      const options = resolveCellOptions(given, definition);
      return GRUCell.#in(openSync(definition, 'GRUCell', options.dtype, given), options);
    }

    static #in(engine: Engine<M, B>, options: ReturnType<typeof resolveCellOptions>): GRUCell {
      const dimensions = { I: options.inputSize, H: options.hiddenSize };
      const parameters = [layerParameters(definition.signature, dimensions, options.bias, '')];
      return new GRUCell(assemble(definition, engine, parameters), options);
    }
  }
  return GRUCell as unknown as GRUCellClass<M, O>;
}

const open = <M extends Mode, B>(definition: Backend<M, B>, dtype: DType, given: object): Promise<Engine<M, B>> =>
  definition.open(engineOptions(dtype, given, definition));

function openSync<M extends Mode, B>(
  definition: Backend<M, B>,
  where: string,
  dtype: DType,
  given: object,
): Engine<M, B> {
  const { name, supports } = definition;
  if (!supports.sync || definition.openSync === undefined) {
    throw new CongruentError(
      'CONGRUENT_UNSUPPORTED',
      `${where}.createSync: backend '${name}' cannot start without a promise (backend.supports.sync is false). ` +
        `Use await ${where}.create(options).`,
    );
  }
  return definition.openSync(engineOptions(dtype, given, definition));
}

/** What a backend says of itself. */
export function backendInfo({ name, supports, devices }: Backend): BackendInfo {
  const everywhere: Supports = Object.freeze({ ...supports, subnormals: supports.subnormals ?? true });
  if (devices === undefined) return Object.freeze({ name, supports: everywhere });
  const entries = Object.entries(devices).map(
    ([device, more]) => [device, Object.freeze({ ...everywhere, ...more })] as const,
  );
  return Object.freeze({ name, supports: everywhere, devices: Object.freeze(Object.fromEntries(entries)) });
}

import type { Gradients } from '../gradients/gradients.ts';
import type { Hints } from '../hints/hints.ts';
import type { Driver } from '../layers/driver.ts';
import type { Rules } from '../options/option-rules.ts';
import type { Layouts } from '../parameters/layouts.ts';
import type { Engine, EngineOptions, Mode } from './engine.ts';
import type { CellSignature } from './signature.ts';
import type { DeclaredSupports, Supports } from './supports.ts';

/**
 * What a backend gives: one cell, in one direction, over one sequence. Layers, directions, dropout, packing,
 * state dicts, checks and errors are here in the runtime, once, for all backends.
 */
export interface Backend<M extends Mode = Mode, B = unknown> {
  /** The name users see, e.g. `scalar`. */
  readonly name: string;
  readonly supports: DeclaredSupports;
  /** What some of its devices do otherwise than `supports` says, by the engine's `device`. */
  readonly devices?: Readonly<Record<string, Partial<Supports>>> | undefined;
  /** `syncDriver`: results are given at once. `asyncDriver`: `forward`, `vjp` and `step` return promises. */
  readonly driver: Driver<M>;
  /** Options of `create` beyond torch's that `open` understands, e.g. `device`; the options of a layer have them, too. */
  readonly options: Rules;
  /** The cell's operands and results, as the generated code expects them. */
  readonly signature: CellSignature;
  /** `gradients` of this package, exactly where `supports.training`: apart, so that inference can do without its code. */
  readonly gradients?: Gradients | undefined;
  /**
   * State dicts in the cell's layouts: `layoutsOf` of this package, of what is generated of the cell. Apart, so that a
   * page can do without its code; then there is the layout of the signature alone.
   */
  readonly layouts?: Layouts | undefined;
  /** `hints` of this package, which say in messages what was probably meant. Apart, so that a page can do without them. */
  readonly hints?: Hints | undefined;
  /** Makes the place where the buffers and layers of one GRU live: a WebAssembly memory, a GPU context. */
  open(options: EngineOptions): Promise<Engine<M, B>>;
  /** The same without a promise; present exactly where `supports.sync`. */
  openSync?(options: EngineOptions): Engine<M, B>;
}

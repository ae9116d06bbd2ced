import type { Backend } from '../backend/backend.ts';
import type { Mode } from '../backend/engine.ts';
import type { CellSignature, Dimensions } from '../backend/signature.ts';
import type { Module, Parts } from '../layers/module.ts';
import type { Rules } from '../options/option-rules.ts';
import type { CommonOptions, Resolved } from '../options/options.ts';
import type { Form } from '../sequences/form.ts';

/** What a class is, beside what all have in common. */
export interface Definition<M extends Mode, B> {
  /** As its users write it, e.g. `LSTM`. */
  readonly name: string;
  readonly rules: Rules;
  /** What stands in for options that are left out altogether. */
  readonly defaults?: object | undefined;
  /** What all its cells have in common is read from this one. */
  readonly backend: Backend<M, B>;
  /** How its users give so many inputs, and get so many outputs. */
  form(values: readonly unknown[]): Form;
  /**
   * The cell that runs with these options, which may lack their defaults.
   *
   * @param where  the start of an error message, e.g. `LSTM.create`
   * @throws CONGRUENT_OPTION, CONGRUENT_UNSUPPORTED
   */
  cell(where: string, options: Readonly<Record<string, unknown>>): Backend<M, B>;
  /**
   * The sizes of its first layer, and what else its parameters depend on.
   *
   * @throws CONGRUENT_OPTION where the cell cannot be what the options say
   */
  sizes(where: string, options: Resolved<CommonOptions>, signature: CellSignature): Sizes;
  /** The options that say these sizes; of a cell whose parameters have these names. */
  options(dimensions: Partial<Dimensions>): Readonly<Record<string, unknown>>;
  /** Options that only the names of a state dict tell, by what some of them end in. */
  hint?(has: (ending: string) => boolean): Readonly<Record<string, unknown>>;
}

export interface Sizes {
  readonly dimensions: Dimensions;
  /** Whether there are parameters of rank 1. */
  readonly bias: boolean;
  /** The initial parameters are uniform in ±1/√ of it. */
  readonly width: number;
}

/** How a class stacks its cell: layers do, single cells do not. */
export interface Stacking<M extends Mode, B> {
  readonly base: new (name: string, parts: Parts<M, B, never>) => Module<M, B>;
  /** What stands behind the names of the parameters, by layer, then by direction. */
  suffixes(options: Resolved<CommonOptions>): string[][];
}

import { type CellSignature, type Dimensions, dimensionNames } from '../backend/signature.ts';
import { lengthIn } from '../tensor.ts';
import { type LayerParameters, layerParameters, type Parameter } from './parameters.ts';

/** What the tensors of a cell say of it. */
export interface ReadSizes {
  /** 1 where no tensor tells. */
  readonly dimensions: Dimensions;
  /** Whether there are parameters of rank 1. */
  readonly bias: boolean;
}

/** The length of one side of a tensor: of each dimension so many, and `rest`. */
interface Side {
  readonly length: number;
  readonly counts: readonly (readonly [dimension: string, count: number])[];
  readonly rest: number;
}

/**
 * Reads sizes from the shapes of tensors by name, in any layout. A dimension is as often in a side as the side grows where
 * that dimension alone grows by one; sides that have the fewest are read first, and again for as long as one tells more.
 *
 * @param stored  the tensors of a layer in the layout
 */
export function readSizes(
  signature: CellSignature,
  suffix: string,
  entries: ReadonlyMap<string, unknown>,
  stored: (layer: LayerParameters) => readonly Parameter[],
): ReadSizes {
  const names = dimensionNames(signature);
  const ones = Object.fromEntries(names.map((name) => [name, 1]));
  const parametersOf = (dimensions: Dimensions, bias = true): readonly Parameter[] =>
    stored(layerParameters(signature, dimensions, bias, suffix));
  const grown = names.map((name) => parametersOf({ ...ones, [name]: 2 }));
  const sides = parametersOf(ones).flatMap(({ name, shape }, at) => {
    return shape.map((atOne, axis): Side => {
      const counts = names.map((each, i) => [each, grown[i]![at]!.shape[axis]! - atOne] as const);
      const rest = atOne - counts.reduce((sum, [, count]) => sum + count, 0);
      return { length: lengthIn(entries.get(name), axis), counts: counts.filter(([, count]) => count > 0), rest };
    });
  });
  const weightOf = ({ counts }: Side): number => counts.reduce((sum, [, count]) => sum + count, 0);
  const found = solve(sides.sort((a, b) => weightOf(a) - weightOf(b)));
  const always = parametersOf(ones, false).map(({ name }) => name);
  const biases = parametersOf(ones).filter(({ name }) => !always.includes(name));
  return { dimensions: { ...ones, ...found }, bias: biases.some(({ name }) => entries.has(name)) };
}

/** Dimensions that are the only one unknown in some side. */
function solve(sides: readonly Side[]): Dimensions {
  const found: Record<string, number> = {};
  const tells = ({ length, counts, rest }: Side): boolean => {
    const [open, ...more] = counts.filter(([name]) => found[name] === undefined);
    if (open === undefined || more.length > 0) return false;
    const known = counts.reduce((sum, [name, count]) => sum + count * (found[name] ?? 0), rest);
    const each = Math.floor((length - known) / open[1]);
    if (each > 0) found[open[0]] = each;
    return each > 0;
  };
  while (sides.some(tells));
  return found;
}

import { type DType, type Program, type Target, up } from '@congruent/codegen';
import { C_WORDS } from './words.ts';

/** Elements in the widest vectors of all processors: one text is compiled for every width. */
export const lineOf = (dtype: DType): number => (dtype === 'float32' ? 16 : 8);

/** What a function of the specification is called: C has functions with some of their names. */
export const functionName = (name: string): string => `${name}_of`;

/** What the emitted code names itself, and what it uses of the library in maps, where values have their own names. */
const OWN =
  'm from to row j left length element vector LANES LINE SIGN WHOLE PANEL ROWS SIDE INLINE TYPED INTRINSIC ' +
  'splat load store load_first store_first absolute power_of_two floor_of square_root maximum minimum lesser greater ' +
  'select_less add_product subtract_product up least most take workspace sum_workspace ' +
  'int64_t uint64_t size_t';

export const targetFor = ({ functions }: Program, dtype: DType): Target => ({
  reserved: new Set([...C_WORDS, ...OWN.split(' '), ...functions[dtype].map(({ name }) => functionName(name))]),
  lanes: lineOf(dtype),
  packed: (rows) => up(rows, lineOf(dtype)),
  stageByStage: true,
});

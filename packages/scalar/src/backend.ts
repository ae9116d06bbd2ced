import {
  type Backend,
  type CellLayouts,
  type CellSignature,
  CongruentError,
  type DType,
  type FloatArray,
  hints,
  hostBackend,
  hostTraining,
  layoutsOf,
} from '@congruent/runtime';
import { type CellKernels, type Generated, hostKernels, type Kernels } from './kernels.ts';

/** A cell: what is generated of it, or how that is loaded. */
export interface Cell {
  readonly signature: CellSignature;
  readonly layouts: CellLayouts;
  readonly kernels: Readonly<Record<DType, Kernels | Loader>>;
}

type Loader = () => Promise<{ readonly kernels: Kernels }>;

/** The kernels that were loaded, or imported beforehand. */
const provided = new WeakMap<CellSignature, Partial<CellKernels>>();

/** Makes the kernels of a cell known to `createSync`, which cannot wait for them. */
export function provide({ signature, kernels }: Pick<Generated, 'signature' | 'kernels'>): void {
  provided.set(signature, kernels);
}

const find = ({ signature, kernels }: Cell, dtype: DType): Kernels | Loader =>
  provided.get(signature)?.[dtype] ?? kernels[dtype];

async function load(cell: Cell, dtype: DType): Promise<Kernels> {
  const found = find(cell, dtype);
  if (typeof found !== 'function') return found;
  const { kernels } = await found().catch((cause) => {
    throw notLoaded(cell, `cannot be loaded (${cause.message}):`, cause);
  });
  provided.set(cell.signature, { ...provided.get(cell.signature), [dtype]: kernels });
  return kernels;
}

function loadSync(cell: Cell, dtype: DType): Kernels {
  const found = find(cell, dtype);
  if (typeof found !== 'function') return found;
  throw notLoaded(cell, 'are not loaded. Use await create(options), or');
}

/** `what`: is wrong, and the ways around it but the last one. */
const notLoaded = ({ signature: { name } }: Cell, what: string, cause?: unknown): CongruentError =>
  new CongruentError(
    'CONGRUENT_UNSUPPORTED',
    `the kernels of ${name} ${what} import '@congruent/scalar/sync/${name}' beforehand.`,
    { cause },
  );

/** What holds of every cell. */
export const about: Pick<Backend, 'name' | 'supports'> = {
  name: 'scalar',
  supports: { sync: true, float64: true, training: true, deterministic: true },
};

/** A cell in plain TypeScript. */
export const scalarBackend = (cell: Cell): Backend<'sync', FloatArray> =>
  hostBackend({
    ...about,
    signature: cell.signature,
    layouts: layoutsOf(cell.layouts),
    hints,
    kernels: ({ dtype }) => hostKernels(loadSync(cell, dtype), dtype),
    load: async ({ dtype }) => hostKernels(await load(cell, dtype), dtype),
    training: hostTraining,
  });

import type { StackedTensor, Variable } from './checked-cell.ts';
import { type Span, SpecError } from './error.ts';
import { type Layout, type Packing, type Shape, termsOf } from './syntax.ts';

/** The length of a dimension of what is put together: a sum, by what is summed. */
type Extent = ReadonlyMap<string, number>;

/** Rows and columns; a vector is a column, a number a single one. */
interface Size {
  readonly rows: Extent;
  readonly columns: Extent;
  /** Whether it is a matrix; vectors and numbers below each other are a vector. */
  readonly matrix: boolean;
}

const ONE: Extent = new Map([['1', 1]]);

/** How parts are put together. */
type Join = Extract<Packing, { readonly parts: unknown }>['kind'];

/** What is put together must fit: one below the other as many columns, side by side as many rows, added up both. */
export function checkPackings(source: string, layouts: readonly Layout[], shapes: ReadonlyMap<string, Shape>): void {
  const sizeIn = (packing: Packing): Size => {
    if (packing.kind === 'block') return sizeOf(shapes.get(packing.name)!);
    if (packing.kind === 'transposed') {
      const { rows, columns } = sizeIn(packing.operand);
      return { rows: columns, columns: rows, matrix: true };
    }
    const [first, ...rest] = packing.parts.map((part) => ({ size: sizeIn(part), span: part.span }));
    return rest.reduce((whole, { size, span }) => joined(packing.kind, whole, size, span), first!.size);
  };
  const joined = (kind: Join, left: Size, right: Size, span: Span): Size => {
    if (!FITS[kind](left, right)) misfit(source, kind, left, right, span);
    if (kind === 'sum') return left;
    if (kind === 'rows') return { ...left, rows: plus(left.rows, right.rows) };
    return { rows: left.rows, columns: plus(left.columns, right.columns), matrix: true };
  };
  for (const { tensors } of layouts) for (const { packing } of tensors) sizeIn(packing);
}

/** Whether one may be put to the other. */
const FITS: Readonly<Record<Join, (left: Size, right: Size) => boolean>> = {
  rows: (left, right) => left.matrix === right.matrix && same(left.columns, right.columns),
  columns: (left, right) => same(left.rows, right.rows),
  sum: (left, right) => FITS.rows(left, right) && same(left.rows, right.rows),
};

const MISFITS: Readonly<Record<Join, readonly [problem: string, remedy: string]>> = {
  rows: ['cannot stand below', 'What stands one below the other has as many columns.'],
  columns: ['cannot stand beside', 'What stands side by side has as many rows.'],
  sum: ['cannot be added to', 'What is added up has the same shape.'],
};

function misfit(source: string, kind: Join, left: Size, right: Size, span: Span): never {
  const [problem, remedy] = MISFITS[kind];
  throw new SpecError(
    'SPEC_SHAPE',
    source,
    span,
    `${show(right)} ${problem} ${show(left)}`,
    `${remedy} Give the others a tensor of their own.`,
  );
}

function sizeOf(shape: Shape): Size {
  const [rows, columns] = shape.map((length) => {
    const terms = termsOf(length).map((term): Extent => {
      return typeof term === 'number' ? new Map([['1', term]]) : new Map([[term, 1]]);
    });
    return terms.reduce(plus);
  });
  return { rows: rows ?? ONE, columns: columns ?? ONE, matrix: shape.length > 1 };
}

function plus(left: Extent, right: Extent): Extent {
  const sum = new Map(left);
  for (const [length, count] of right) sum.set(length, (sum.get(length) ?? 0) + count);
  return sum;
}

const same = (left: Extent, right: Extent): boolean =>
  left.size === right.size && [...left].every(([length, count]) => right.get(length) === count);

/** `[3 * H, I]`. */
function show({ rows, columns, matrix }: Size): string {
  const text = (extent: Extent): string =>
    [...extent]
      .map(([length, count]) => (length === '1' ? `${count}` : count === 1 ? length : `${count} * ${length}`))
      .join(' + ');
  return `[${(matrix ? [rows, columns] : [rows]).map(text).join(', ')}]`;
}

/** What kernels take the parameters as. */
export function kernelTensors(layout: Layout | undefined, parameters: readonly Variable[]): readonly StackedTensor[] {
  const shapes = new Map(parameters.map(({ name, shape }) => [name, `${shape}`]));
  const isPlain = (packing: Packing): boolean => {
    if (packing.kind === 'block') return true;
    if (packing.kind !== 'rows') return false;
    const rows = packing.parts.map((part) => (part.kind === 'block' ? shapes.get(part.name) : undefined));
    return rows.every((shape) => shape !== undefined && shape === rows[0]);
  };
  if (layout?.tensors.every(({ packing }) => isPlain(packing))) return layout.tensors;
  return parameters.map(({ name }) => ({ name, blocks: [{ name }] }));
}

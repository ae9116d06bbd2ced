import { type Program, SUM_BLOCK, type SumStage } from '@congruent/codegen';
import type { Shape } from '@congruent/spec';
import { type Extent, product, sum, total, up } from './extent.ts';
import { VECTOR_BYTES } from './lanes.ts';
import { arrayOf, type Piece, type Place, parameterPlaces } from './layout.ts';
import { columnBytes } from './panels.ts';

/** A product of two transposed arrays, block by block of rows, with the names of its pieces of the scratch memory. */
export interface SumProduct {
  /** The operand's rows of a block, packed. */
  readonly packed: string;
  /** The adjoints' rows of a block, transposed, one below the other. */
  readonly transposed: string;
  readonly result: string;
  /** Bytes of a row of the result, as many as of a column of the packed operand. */
  readonly rowBytes: Extent;
  /** Rows of the result. */
  readonly rows: Extent;
}

/** Where the gradients of the parameters are made. */
export interface SumLayout {
  readonly products: ReadonlyMap<SumStage, SumProduct>;
  readonly scratch: readonly Piece[];
  /** Where a sum, or what follows from sums, is made. */
  readonly places: ReadonlyMap<string, Place>;
  /** More places where it belongs: other blocks of the layout's tensors. */
  readonly shared: readonly { readonly name: string; readonly to: Place; readonly bytes: Extent }[];
}

export function sumLayouts({ cell, adjoint: { adjoint, sums, finish } }: Program, elementBytes: number): SumLayout {
  const products = new Map<SumStage, SumProduct>();
  const scratch: Piece[] = [];
  const places = new Map<string, Place>();
  const shared: { name: string; to: Place; bytes: Extent }[] = [];
  const bytesOf = (shape: Shape): Extent => product(elementBytes, ...shape);
  const piece = (name: string, bytes: Extent, comment: string): string => {
    scratch.push({ name, bytes: up(bytes, VECTOR_BYTES), comment });
    return name;
  };

  const tensors = parameterPlaces(cell, elementBytes);
  for (const { name: parameter, shape } of cell.parameters) {
    const [name, to] = [adjoint.gradients.get(parameter)!, tensors.get(parameter)!];
    if (places.has(name)) shared.push({ name, to, bytes: bytesOf(shape) });
    else places.set(name, to);
  }
  const own = (name: string, shape: Shape): void => {
    if (shape.length === 0) throw new TypeError(`${name}: the gradient of a number is not supported by this emitter`);
    if (places.has(name)) return;
    places.set(name, { pointer: piece(arrayOf(name), bytesOf(shape), name), start: 0, stride: 0 });
  };
  sums.forEach((stage, index) => {
    const { operand, blocks } = stage;
    for (const { name, adjoint } of blocks) own(name, [...adjoint.shape, ...(operand?.shape ?? [])]);
    if (!operand) return;
    const rows = total(blocks.flatMap(({ adjoint }) => adjoint.shape));
    const rowBytes = columnBytes(bytesOf(operand.shape));
    const names = blocks.map(({ adjoint }) => adjoint.name).join(', ');
    const number = index + 1;
    products.set(stage, {
      // Vectors of rows at the edge are written whole.
      transposed: piece(
        `transposed_${number}`,
        product(SUM_BLOCK * elementBytes, sum(rows, VECTOR_BYTES / elementBytes - 1)),
        `${SUM_BLOCK} rows of ${names}, transposed`,
      ),
      packed: piece(`packed_${number}`, product(SUM_BLOCK, rowBytes), `${SUM_BLOCK} rows of ${operand.name}`),
      result: piece(`sum_${number}`, product(rows, rowBytes), blocks.map(({ name }) => name).join(', ')),
      rowBytes,
      rows,
    });
  });
  for (const { name, value } of finish) own(name, value.shape);
  return { products, scratch, places, shared };
}

import {
  arrayMemory,
  type Backend,
  type BackwardKernels,
  type CellSignature,
  type FloatArray,
  type HostBuffer,
  type HostKernels,
  type HostMemory,
  hostBackend,
  hostTraining,
} from '../src/index.ts';

/** A cell of two states, whose output is neither: c' = c / 2 + W x + b, h' = h / 4 + c', y = h' - 3 c'. */
const signature: CellSignature = {
  name: 'two',
  inputs: [{ name: 'x', shape: ['I'] }],
  states: [
    { name: 'h', shape: ['H'] },
    { name: 'c', shape: ['H'] },
  ],
  outputs: [{ name: 'y', shape: ['H'] }],
  parameters: { weight: { blocks: ['W'], shape: ['H', 'I'] }, bias: { blocks: ['b'], shape: ['H'] } },
};

export interface Operands {
  readonly x: readonly number[];
  readonly h: readonly number[];
  readonly c: readonly number[];
  readonly W: readonly number[];
  readonly b: readonly number[];
}

/** A sequence, written without the runtime. */
export function reference({ x, h: h0, c: c0, W, b }: Operands, batchSizes: readonly number[], reverse: boolean) {
  const [h, c] = [[...h0], [...c0]];
  const H = b.length;
  const I = W.length / H;
  const y: number[] = [];
  for (const { row, at } of placesOf(batchSizes, reverse)) {
    for (let j = 0; j < H; j++) {
      let sum = c[at * H + j]! / 2 + b[j]!;
      for (let k = 0; k < I; k++) sum += W[j * I + k]! * x[row * I + k]!;
      c[at * H + j] = sum;
      h[at * H + j] = h[at * H + j]! / 4 + sum;
      y[row * H + j] = h[at * H + j]! - 3 * sum;
    }
  }
  return { y, h, c };
}

/** Every row in the order in which it is run: where it stands among all rows, and in its step. */
function placesOf(batchSizes: readonly number[], reverse: boolean): { row: number; at: number }[] {
  let row = 0;
  const steps = batchSizes.map((size) => Array.from({ length: size }, (_, at) => ({ row: row++, at })));
  return (reverse ? steps.reverse() : steps).flat();
}

type F = FloatArray;

interface Weights {
  readonly I: number;
  readonly H: number;
  readonly W: FloatArray;
  readonly b: FloatArray;
}

/** The cell's kernels over a memory; residuals are the rows of W x. */
export function kernelsOver<B extends HostBuffer>(
  memory: HostMemory<B>,
  saving: Pick<BackwardKernels<B>, 'save' | 'restore'>,
): HostKernels<B> {
  const prepare: HostKernels<B>['prepare'] = (tensors, { I, H }) => {
    const [W, b] = tensors.map((tensor) => memory.view(tensor).slice());
    return { I, H, W, b };
  };
  const run = (
    of: unknown,
    batchSizes: readonly number[],
    reverse: boolean,
    operands: readonly B[],
    residuals?: FloatArray,
  ): void => {
    const [x, h, c, y] = operands.map((operand) => memory.view(operand)) as [F, F, F, F];
    const { I, H, W, b } = of as Weights;
    for (const { row, at } of placesOf(batchSizes, reverse)) {
      for (let j = 0; j < H; j++) {
        let sum = 0;
        for (let k = 0; k < I; k++) sum += W[j * I + k]! * x[row * I + k]!;
        if (residuals) residuals[row * H + j] = sum;
        sum += c[at * H + j]! / 2 + b[j]!;
        c[at * H + j] = sum;
        h[at * H + j] = h[at * H + j]! / 4 + sum;
        y[row * H + j] = h[at * H + j]! - 3 * sum;
      }
    }
  };
  return {
    memory,
    prepare,
    scratch: (_dimensions, rows, _batch, allocate) => allocate(rows),
    run: (weights, _scratch, batchSizes, reverse, ...operands) => run(weights, batchSizes, reverse, operands),
    stepper:
      (weights, _scratch, batch, ...operands) =>
      () =>
        run(weights, [batch], false, operands),
    backward: {
      residuals: ({ H }, rows, allocate) => allocate(rows * H!),
      record(weights, _scratch, batchSizes, reverse, ...operands) {
        run(weights, batchSizes, reverse, operands, memory.view(operands.at(-1)!));
      },
      save: saving.save,
      restore: saving.restore,
      prepareBackward: (tensors, dimensions) => prepare(tensors, dimensions, undefined),
      backwardScratch: (_dimensions, rows, _batch, allocate) => allocate(rows),
      pullBack(of, _scratch, residuals, batchSizes, reverse, ...operands) {
        const views = operands.map((operand) => memory.view(operand));
        const [x, dy, dx, dh, dc, dW, db] = views as [F, F, F, F, F, F, F];
        const { I, H, W } = of as Weights;
        const products = memory.view(residuals);
        for (const written of [dx, dW, db]) written.fill(0);
        for (const { row, at } of placesOf(batchSizes, reverse).reverse()) {
          for (let j = 0; j < H; j++) {
            const next = dh[at * H + j]! + dy[row * H + j]!;
            const sum = dc[at * H + j]! + next - 3 * dy[row * H + j]!;
            let product = 0;
            for (let k = 0; k < I; k++) {
              product += W[j * I + k]! * x[row * I + k]!;
              dx[row * I + k]! += W[j * I + k]! * sum;
              dW[j * I + k]! += x[row * I + k]! * sum;
            }
            if (product !== products[row * H + j]) throw new Error('not the residuals of this run');
            db[j]! += sum;
            dh[at * H + j] = next / 4;
            dc[at * H + j] = sum / 2;
          }
        }
      },
    },
  };
}

export const backendOf = <B extends HostBuffer>(kernels: () => HostKernels<B>): Backend<'sync', B> =>
  hostBackend({
    name: 'two',
    supports: { float64: true, deterministic: true },
    signature,
    kernels,
    training: hostTraining,
  });

export const overArrays = (): HostKernels<FloatArray> =>
  kernelsOver(arrayMemory('float64'), { save: (array) => array, restore: (saved) => saved as FloatArray });

interface MovedBuffer {
  readonly at: number;
  readonly length: number;
}

/** A memory that moves whenever room is made in it, and counts; `room`: elements. */
export class MovingMemory implements HostMemory<MovedBuffer> {
  readonly kept = new Set<MovedBuffer>();
  top = 0;
  private elements: FloatArray;
  private base = 0;

  constructor(room: number) {
    this.elements = new Float64Array(room).fill(Number.NaN);
  }

  readonly push = (length: number): MovedBuffer => {
    const buffer = { at: this.base + this.top, length };
    if (buffer.at + length > this.elements.length) throw new RangeError('no room');
    this.top += length;
    this.elements = new Float64Array(
      structuredClone(this.elements.buffer, { transfer: [this.elements.buffer as ArrayBuffer] }),
    );
    return buffer;
  };
  readonly mark = (): number => this.top;
  readonly release = (mark = 0): void => {
    this.top = mark;
  };
  readonly keep = (length: number): MovedBuffer => {
    const buffer = this.push(length);
    this.base += length;
    this.top = 0;
    this.kept.add(buffer);
    this.view(buffer).fill(0);
    return buffer;
  };
  readonly drop = (buffer: MovedBuffer): void => void this.kept.delete(buffer);
  readonly view = ({ at, length }: MovedBuffer): FloatArray => this.elements.subarray(at, at + length);
  readonly save = (buffer: MovedBuffer): unknown => this.view(buffer).slice();
  readonly restore = (saved: unknown): MovedBuffer => {
    const data = saved as FloatArray;
    const buffer = this.push(data.length);
    this.view(buffer).set(data);
    return buffer;
  };
}

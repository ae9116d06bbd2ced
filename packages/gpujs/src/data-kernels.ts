import type { KernelSource } from './cell.ts';

type DataKernel = Omit<KernelSource, 'result' | 'width' | 'dimensions'>;

export type DataKernelName = 'upload' | 'stack' | 'beside' | 'times' | 'plus' | 'columns';

/** Kernels that know no cell: they bring planes together, and take them apart. */
export const dataKernels: Readonly<Record<DataKernelName, DataKernel>> = {
  /** From the memory of the host into a plane. */
  upload: {
    planes: ['data'],
    numbers: [],
    source: `
function upload(data) {
  const j = this.thread.x;
  const row = this.thread.y + this.thread.z * this.output.y;
  return data[row][j];
}
`,
  },
  /** a, b, c and d, one below the other; `toB` is the first row that is b's, … */
  stack: {
    planes: ['a', 'b', 'c', 'd'],
    numbers: ['toB', 'toC', 'toD'],
    source: `
function stack(a, b, c, d, toB, toC, toD) {
  const j = this.thread.x;
  const row = this.thread.y + this.thread.z * this.output.y;
  if (row < toB) return a[row][j];
  if (row < toC) return b[row - toB][j];
  if (row < toD) return c[row - toC][j];
  return d[row - toD][j];
}
`,
  },
  /** Both side by side; `width` is that of the left one. */
  beside: {
    planes: ['left', 'right'],
    numbers: ['width'],
    source: `
function beside(left, right, width) {
  const j = this.thread.x;
  const row = this.thread.y + this.thread.z * this.output.y;
  if (j < width) return left[row][j];
  return right[row][j - width];
}
`,
  },
  /** Element by element. */
  times: {
    planes: ['plane', 'mask'],
    numbers: [],
    source: `
function times(plane, mask) {
  const j = this.thread.x;
  const row = this.thread.y + this.thread.z * this.output.y;
  return plane[row][j] * mask[row][j];
}
`,
  },
  /** Element by element. */
  plus: {
    planes: ['left', 'right'],
    numbers: [],
    source: `
function plus(left, right) {
  const j = this.thread.x;
  const row = this.thread.y + this.thread.z * this.output.y;
  return left[row][j] + right[row][j];
}
`,
  },
  /** From column `first` on. */
  columns: {
    planes: ['plane'],
    numbers: ['first'],
    source: `
function columns(plane, first) {
  const j = this.thread.x;
  const row = this.thread.y + this.thread.z * this.output.y;
  return plane[row][first + j];
}
`,
  },
};

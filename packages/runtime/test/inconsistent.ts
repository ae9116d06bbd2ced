/** Changes to a packed sequence of batch sizes 3, 2, 1, 1 and 7 rows. */
export const INCONSISTENT: Readonly<Record<string, object>> = {
  'batchSizes that increase': { batchSizes: [2, 3, 1, 1] },
  'batchSizes of another sum': { batchSizes: [3, 2, 1] },
  'batchSizes with 0': { batchSizes: [3, 2, 2, 0] },
  'batchSizes with 1.5': { batchSizes: [3, 2.5, 1.5] },
  'batchSizes [NaN]': { batchSizes: [Number.NaN] },
  'no batchSizes': { batchSizes: [] },
  'batchSizes that are no array': { batchSizes: 7 },
  'sortedIndices without unsortedIndices': { sortedIndices: [0, 1, 2] },
  'unsortedIndices without sortedIndices': { unsortedIndices: [0, 1, 2] },
  'indices of another length': { sortedIndices: [0, 1], unsortedIndices: [0, 1] },
  'indices that repeat': { sortedIndices: [0, 1, 1], unsortedIndices: [0, 1, 1] },
  'indices out of range': { sortedIndices: [0, 1, 3], unsortedIndices: [0, 1, 3] },
  'indices that are not inverse': { sortedIndices: [1, 2, 0], unsortedIndices: [1, 2, 0] },
  'undefined indices': { sortedIndices: undefined, unsortedIndices: undefined },
};

import type { Backend, BackendInfo, FloatArray, GRUCellClass, GRUClass } from '@congruent/runtime';
import { arrayMemory, backendInfo, defineGRU, defineGRUCell, hostBackend, hostTraining } from '@congruent/runtime';
import * as gru from './generated/gru.ts';

const arrays: Backend<'sync', FloatArray> = /* @__PURE__ */ hostBackend<FloatArray>({
  name: '__name__',
  supports: { float64: true, deterministic: false },
  signature: gru.signature,
  kernels: ({ dtype }) => ({
    ...gru,
    memory: arrayMemory(dtype),
    backward: { ...gru, save: (value) => value, restore: (saved) => saved as FloatArray },
  }),
  training: hostTraining,
});

export const GRU: GRUClass<'sync'> = /* @__PURE__ */ defineGRU(arrays);
export const GRUCell: GRUCellClass<'sync'> = /* @__PURE__ */ defineGRUCell(arrays);
export const backend: BackendInfo = /* @__PURE__ */ backendInfo(arrays);
export * from '@congruent/runtime/public';

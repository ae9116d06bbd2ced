import type { FloatArray, Tensor } from '@congruent/runtime';
import { swapped, takeSteps } from '../examples/rearrange.ts';
import { callMutant, changeResult, type Mutant, moduleMutant } from './mutation.ts';

const copy = (tensor: Tensor): Tensor => ({ data: tensor.data.slice(), shape: tensor.shape });

/** The layers put together wrongly. */
export const stackMutants: readonly Mutant[] = [
  callMutant('directions side by side in the wrong order', ({ join }) => ({
    join: (parts, rows, mask) => join(parts.toReversed(), rows, mask),
  })),
  callMutant('dropout not applied', ({ join }) => ({ join: (parts, rows) => join(parts, rows, undefined) })),
  callMutant('dropout without the division by 1 − p', ({ join }) => ({
    join: (parts, rows, mask) =>
      join(
        parts,
        rows,
        mask?.map((value) => (value === 0 ? 0 : 1)),
      ),
  })),
  callMutant('dropout adds NaN where it zeroes', ({ join }) => ({
    join: (parts, rows, mask) =>
      join(
        parts,
        rows,
        mask?.map((value) => value || Number.NaN),
      ),
  })),
  callMutant("the caller's arrays used as buffers, and h0 overwritten", ({ upload }) => ({
    upload: (data) => {
      const buffer = upload(data);
      data.fill(0);
      return buffer;
    },
  })),
  callMutant('results in one shared array', () => ({ download: (buffer) => share(buffer) })),
  moduleMutant('dropout acts in evaluation mode', (gru) => {
    Object.assign(gru, { eval: () => gru });
  }),
  moduleMutant('hn by direction, then by layer', (gru) => {
    const { numLayers, bidirectional } = gru.options;
    changeResult(gru, ({ output, hn }) => {
      if (!bidirectional) return { output, hn };
      const order = Array.from({ length: 2 * numLayers }, (_, k) => (k % numLayers) * 2 + Math.floor(k / numLayers));
      const H = hn.shape.at(-1)!;
      const data = takeSteps({ data: hn.data, shape: [2 * numLayers, hn.data.length / (2 * numLayers * H), H] }, order);
      return { output, hn: { data: data.data, shape: hn.shape } };
    });
  }),
  moduleMutant('hn with the batch first under batchFirst', (gru) => {
    changeResult(gru, ({ output, hn }) =>
      gru.options.batchFirst && hn.shape.length === 3 ? { output, hn: swapped(hn) } : { output, hn },
    );
  }),
  moduleMutant('stream ignores h0', (gru) => {
    const stream = gru.stream.bind(gru);
    Object.assign(gru, { stream: ({ batchSize }: { batchSize?: number } = {}) => stream({ batchSize }) });
  }),
  moduleMutant('NaN in the input becomes 0', (gru) => {
    const forward = gru.forward.bind(gru);
    Object.assign(gru, {
      forward: (input: Tensor, h0?: Tensor) => {
        const clean = input && !('batchSizes' in input) && ArrayBuffer.isView(input.data) ? copy(input) : undefined;
        return forward(clean ? { ...clean, data: clean.data.map((v) => (Number.isNaN(v) ? 0 : v)) } : input, h0);
      },
    });
  }),
];

const pool = new Map<number, FloatArray>();
const share = (buffer: FloatArray): FloatArray => {
  const shared = pool.get(buffer.length);
  if (shared?.constructor === buffer.constructor) {
    shared.set(buffer);
    return shared;
  }
  pool.set(buffer.length, buffer);
  return buffer;
};

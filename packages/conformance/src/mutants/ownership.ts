import type { FloatArray, GRU, GRUResult, GRUStream, Tensor } from '@congruent/runtime';
import { changeResult, type Mutant, moduleMutant } from './mutation.ts';

/** Results in memory that is not the caller's alone. */
export const ownershipMutants: readonly Mutant[] = [
  moduleMutant('output and hn are views of one buffer', (gru) => {
    changeResult(gru, (result) => together(result));
  }),
  moduleMutant('hn is the state that the next call starts from', (gru) => {
    let last: Tensor | undefined;
    const forward = gru.forward.bind(gru) as (input: Tensor, h0?: Tensor) => GRUResult;
    Object.assign(gru, {
      forward: (input: Tensor, h0?: Tensor) => {
        const result = forward(input, last && h0?.data.length === last.data.length ? { ...h0, data: last.data } : h0);
        if (h0) last = result.hn;
        return result;
      },
    });
  }),
  moduleMutant('stateDict gives the same tensors each time', (gru) => {
    const dict = gru.stateDict();
    Object.assign(gru, { stateDict: () => dict });
  }),
  moduleMutant('a stream goes on from the array that step gave', (gru) => {
    const stream = gru.stream.bind(gru);
    Object.assign(gru, { stream: (options?: Parameters<GRU['stream']>[0]) => live(stream(options)) });
  }),
];

/** A stream whose last layer's state is what its caller holds. */
function live(stream: GRUStream): GRUStream {
  const step = stream.step.bind(stream);
  let y: FloatArray | undefined;
  const goOn = (x: FloatArray): FloatArray | Promise<FloatArray> => {
    const state = stream.state as Tensor;
    if (y) (state.data as Float32Array).set(y, state.data.length - y.length);
    if (y) stream.reset(state);
    y = step(x) as FloatArray;
    return y;
  };
  return Object.defineProperty(stream, 'step', { value: goOn });
}

function together({ output, hn }: GRUResult): GRUResult {
  if (!ArrayBuffer.isView(output.data)) return { output, hn };
  const whole = new (output.data.constructor as Float32ArrayConstructor)(output.data.length + hn.data.length);
  whole.set(output.data);
  whole.set(hn.data, output.data.length);
  const [first, second] = [whole.subarray(0, output.data.length), whole.subarray(output.data.length)];
  return { output: { ...output, data: first }, hn: { ...hn, data: second } };
}

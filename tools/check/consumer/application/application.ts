import { backend, GRU, GRUCell, LSTM, LSTMCell, RNN } from '@congruent/wasm';
import { MinGru, MinGruCell } from './generated/min_gru.js';

// Types that are inferred, of all that an application may export.
const options = { inputSize: 3, hiddenSize: 5 };
const input = { data: new Float32Array(3), shape: [1, 3] };
export const gru = GRU.createSync(options);
export const lstm = await LSTM.create(options);
export const rnn = RNN.createSync(options);
export const cells = [GRUCell.createSync(options), LSTMCell.createSync(options)] as const;
export const stream = lstm.stream();
export const result = gru.forward(input);
export const differentiated = lstm.vjp(input);
export const gradients = differentiated.pullback({ hn: result.hn });
export const own = MinGru.createSync({ sizes: { I: 3, H: 5 } });
export const ownCell = MinGruCell.createSync({ sizes: { I: 3, H: 5 } });
export const about = backend;

export class Model {
  layer: GRU | null = null;
  readonly head = gru;
  run = (): unknown => this.layer?.forward(input);
  last = () => this.head.forward(input).hn;
}

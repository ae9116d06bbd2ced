// Each class in a file of its own, so that a page can load one without the others.
export { gruCells } from './cells/gru.ts';
export { lstmCells } from './cells/lstm.ts';
export { rnnCells } from './cells/rnn.ts';

export { rnnCells } from '@congruent/scalar/cells/rnn';

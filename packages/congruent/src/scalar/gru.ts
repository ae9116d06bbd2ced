export { gruCells } from '@congruent/scalar/cells/gru';

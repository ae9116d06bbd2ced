export { lstmCells } from '@congruent/scalar/cells/lstm';

export { lstmCells } from '@congruent/scalar/cells';

import { installOriginals } from '../src/original.ts';

/** In CI, RNNoise's packages are installed before any test, or that is an error. */
export default function install(): void {
  if (process.env['CI']) installOriginals();
}

import { bitsAreThoseOfScalar } from '../../../tools/testing/bits.ts';
import { differences } from './bit-checks.ts';

bitsAreThoseOfScalar(differences);

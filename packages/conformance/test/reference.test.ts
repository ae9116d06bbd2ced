import { test } from 'vitest';
import { type Check, conformance, referenceModule } from '../src/index.ts';

// What the interpreter gives for the large sizes, and that it is right, is in sizes.test.ts.
const select = ({ group }: Check): boolean => group !== 'sizes';

conformance({ test, factory: () => referenceModule(), select });

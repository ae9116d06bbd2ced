import { conformance, modesOf } from '@congruent/conformance';
import { test } from 'vitest';
import * as native from '../src/index.ts';

const modes = modesOf(native.backend, { math: 'relaxed' });
for (const { options } of modes) conformance({ test, factory: () => native, options });
test.skipIf(modes.length > 0)("no math: 'relaxed' on this processor, which the suite's C31 shows", () => {});

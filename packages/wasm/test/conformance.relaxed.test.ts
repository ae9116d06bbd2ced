import { conformance, modesOf } from '@congruent/conformance';
import { test } from 'vitest';
import * as wasm from '../src/index.ts';

const modes = modesOf(wasm.backend, { math: 'relaxed' });
for (const { options } of modes) conformance({ test, factory: () => wasm, options });
test.skipIf(modes.length > 0)("no math: 'relaxed' in this engine, which the suite's C31 shows", () => {});

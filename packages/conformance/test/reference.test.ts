import { test } from 'vitest';
import { conformance, moduleOf, referenceBackend } from '../src/index.ts';

conformance({ test, factory: () => moduleOf(referenceBackend()) });

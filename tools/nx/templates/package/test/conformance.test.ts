import { conformance } from '@congruent/conformance';
import { test } from 'vitest';
import * as __name__ from '../src/index.ts';

conformance({ test, factory: () => __name__ });

import { conformance } from '@congruent/conformance';
import { test } from 'vitest';
import * as scalar from '../src/index.ts';

conformance({ test, factory: () => scalar });

import { conformance } from '@congruent/conformance';
import { test } from 'vitest';
import * as backend from '../src/index.ts';

conformance({ test, factory: () => backend });

import { conformance } from '@congruent/conformance';
import { test } from 'vitest';
import * as congruent from '../src/index.ts';

conformance({ test, factory: () => congruent });

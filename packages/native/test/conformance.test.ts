import { conformance } from '@congruent/conformance';
import { test } from 'vitest';
import * as native from '../src/index.ts';

conformance({ test, factory: () => native });

import { conformance } from '@congruent/conformance';
import { test } from 'vitest';
import * as wasm from '../src/inference.ts';

conformance({ test, factory: () => wasm });

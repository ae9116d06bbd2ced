/// <reference lib="dom" />

import { expect, test } from 'vitest';
import { reportUnder } from '../../../tools/testing/policy.ts';
import type { PageReport } from './policy-page.ts';
import pageUrl from './policy-page.ts?worker&url';

const { origin } = location;

test('where a Content-Security-Policy forbids WebAssembly scalar runs, with the same bits', async () => {
  const forbidden = await reportUnder<PageReport>(origin, pageUrl);
  const allowed = await reportUnder<PageReport>(`${origin} 'wasm-unsafe-eval'`, pageUrl);
  expect(forbidden.backends).toEqual(['scalar', 'scalar']);
  expect(forbidden.code).toBe('WASM_UNAVAILABLE'); // scalar is not loaded before something is awaited
  expect(allowed.backends).toEqual(['wasm', 'wasm']);
  expect(allowed.code).toBeUndefined();
  expect(new Uint32Array(forbidden.output.buffer)).toEqual(new Uint32Array(allowed.output.buffer));
});

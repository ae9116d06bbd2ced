/// <reference lib="dom" />

import { expect, test } from 'vitest';
import { reportUnder } from '../../../tools/testing/policy.ts';
import type { PageReport } from './policy-page.ts';
import pageUrl from './policy-page.ts?worker&url';

const { origin } = location;

test('a Content-Security-Policy that forbids WebAssembly is said with WASM_UNAVAILABLE, and scalar works', async () => {
  const { errors, wasm, scalar } = await reportUnder<PageReport>(origin, pageUrl);
  expect(errors.map(({ code }) => code)).toEqual(['WASM_UNAVAILABLE', 'WASM_UNAVAILABLE']);
  for (const { message } of errors) expect(message).toContain("Add 'wasm-unsafe-eval' to script-src");
  expect(wasm).toBeUndefined();
  expect(scalar.length).toBe(6);
});

test("a Content-Security-Policy with 'wasm-unsafe-eval' is enough, and the bits are those of scalar", async () => {
  const { errors, wasm, scalar } = await reportUnder<PageReport>(`${origin} 'wasm-unsafe-eval'`, pageUrl);
  expect(errors).toEqual([]);
  expect(wasm).toEqual(scalar);
});

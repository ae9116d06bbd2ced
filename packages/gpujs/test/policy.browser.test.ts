/// <reference lib="dom" />

import { expect, test } from 'vitest';
import { reportUnder } from '../../../tools/testing/policy.ts';
import type { PageReport } from './policy-page.ts';
import pageUrl from './policy-page.ts?worker&url';

const { origin } = location;

const refused = (device: string, source: string) =>
  expect.stringMatching(new RegExp(`CONGRUENT_DEVICE: create: device '${device}' is not available here.*'${source}'`));

test('a Content-Security-Policy that allows neither: create refuses both devices, and auto says what it needs', async () => {
  expect(await reportUnder<PageReport>(origin, pageUrl)).toEqual({
    auto: expect.stringMatching(
      /CONGRUENT_DEVICE: create: no device is available here; available: none.*unsafe-eval.*scalar/,
    ),
    webasm: refused('webasm', 'wasm-unsafe-eval'),
    cpu: refused('cpu', 'unsafe-eval'),
  });
});

test("with 'wasm-unsafe-eval' auto runs on webasm, and cpu is refused", async () => {
  expect(await reportUnder<PageReport>(`${origin} 'wasm-unsafe-eval'`, pageUrl)).toEqual({
    auto: 'webasm',
    webasm: 'webasm',
    cpu: refused('cpu', 'unsafe-eval'),
  });
});

test("with 'unsafe-eval' both run", async () => {
  expect(await reportUnder<PageReport>(`${origin} 'unsafe-eval'`, pageUrl)).toEqual({
    auto: 'webasm',
    webasm: 'webasm',
    cpu: 'cpu',
  });
});

/// <reference lib="dom" />

import { expect, test } from 'vitest';
import type { PageReport } from './policy-page.ts';
import pageUrl from './policy-page.ts?worker&url';

/** What the module of policy-page.ts finds in a page with this Content-Security-Policy. */
async function pageWith(scripts: string): Promise<PageReport> {
  const frame = document.createElement('iframe');
  const policy = `script-src ${scripts}`;
  const script = new URL(pageUrl, location.href).href;
  frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${policy}"><script type="module" src="${script}"></script>`;
  const answer = new Promise<PageReport>((resolve) => {
    addEventListener('message', function listen({ source, data }) {
      if (source !== frame.contentWindow) return;
      removeEventListener('message', listen);
      resolve(data);
    });
  });
  document.body.append(frame);
  try {
    return await answer;
  } finally {
    frame.remove();
  }
}

const { origin } = location;

test('a Content-Security-Policy that forbids WebAssembly is said with WASM_UNAVAILABLE, and scalar works', async () => {
  const { errors, wasm, scalar } = await pageWith(origin);
  expect(errors.map(({ code }) => code)).toEqual(['WASM_UNAVAILABLE', 'WASM_UNAVAILABLE']);
  for (const { message } of errors) expect(message).toContain("Add 'wasm-unsafe-eval' to script-src");
  expect(wasm).toBeUndefined();
  expect(scalar.length).toBe(6);
});

test("a Content-Security-Policy with 'wasm-unsafe-eval' is enough, and the bits are those of scalar", async () => {
  const { errors, wasm, scalar } = await pageWith(`${origin} 'wasm-unsafe-eval'`);
  expect(errors).toEqual([]);
  expect(wasm).toEqual(scalar);
});

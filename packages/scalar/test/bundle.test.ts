import { describe, expect, test } from 'vitest';
import { bundlers, pageOf } from '../../../tools/testing/pages.ts';

const root = new URL('..', import.meta.url).pathname;

/** A parameter that only the cell of one class has stands in its signature. */
const MARKS = { GRU: 'W_hn', LSTM: 'W_ho', RNN: 'W_hh' };

/** The weights of a product that has to wait for another one, which no class has without an option. */
const OTHER_CELL = 'W_v';

describe.each(bundlers)('bundled by %s', (bundler) => {
  test.each(Object.keys(MARKS))('a page with %s has the kernels of no other class', async (name) => {
    const code = `
      import { ${name}, tensor } from '@congruent/scalar';
      const layer = ${name}.createSync({ inputSize: 2, hiddenSize: 3 });
      const { output, pullback } = layer.vjp(tensor([1, 2, 3, 4], [2, 1, 2]));
      export const result = pullback({ output }).input.data;
    `;
    const { texts, bytes, exports } = await pageOf(bundler, root, code);
    console.log(`${name}, ${bundler}: ${bytes} bytes in ${texts.length} files`);
    const all = texts.join('\n');
    for (const [other, mark] of Object.entries(MARKS)) expect(all.includes(mark), other).toBe(other === name);
    expect(all).not.toContain(OTHER_CELL);
    expect(exports['result']).toHaveLength(4);
  });
});

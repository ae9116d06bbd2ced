import { describe, expect, test } from 'vitest';
import { bundlers, pageOf } from '../../../tools/testing/pages.ts';

const root = new URL('..', import.meta.url).pathname;

/** A page with gradients, in float32. */
const page = (name: string, from: string): string => `
  import { ${name}, tensor } from '${from}';
  const layer = await ${name}.create({ inputSize: 3, hiddenSize: 4 });
  const { output, pullback } = layer.vjp(tensor(new Float32Array([1, 2, 3, 4, 5, 6]), [2, 1, 3]));
  export const result = pullback({ output }).input.data;
  export const { backend } = layer;
`;

/** What a page with scalar has: the name of the backend, in quotes of any kind. */
const SCALAR = /(["'`])scalar\1/;

/** The most that a page may load, minified, after gzip: what it would load of wasm alone, and the choice. */
const CEILING = 26 * 1024;

describe.each(bundlers)('bundled by %s', (bundler) => {
  test.each(['GRU', 'LSTM', 'RNN'])(
    `a page with %s loads at most ${CEILING} bytes, nothing of scalar before it is needed, and nothing of native`,
    async (name) => {
      const { texts, bytes, exports } = await pageOf(bundler, root, page(name, 'congruent'));
      console.log(`${name}, ${bundler}: ${bytes} bytes in ${texts.length} files`);
      const all = texts.join('\n');
      expect(all).not.toMatch(SCALAR);
      expect(all).not.toContain('native');
      expect(exports['result']).toHaveLength(6);
      expect(exports['backend']).toBe('wasm');
      expect(bytes).toBeLessThanOrEqual(CEILING);
    },
  );

  test('scalar is known by its name', async () => {
    const { texts } = await pageOf(bundler, root, page('GRU', '@congruent/scalar'));
    expect(texts.join('\n')).toMatch(SCALAR);
  });
});

import { describe, expect, test } from 'vitest';
import { bundlers, pageOf } from '../../../tools/testing/pages.ts';
import { bytes as gruTraining } from '../src/generated/gru.float32.training.ts';
import { bytes as gru } from '../src/generated/gru.float32.ts';
import { bytes as gruResetBefore } from '../src/generated/gru_reset_before.float32.ts';
import { bytes as lstmTraining } from '../src/generated/lstm.float32.training.ts';
import { bytes as lstm } from '../src/generated/lstm.float32.ts';
import { bytes as lstmProjected } from '../src/generated/lstm_projected.float32.ts';
import { bytes as rnnTraining } from '../src/generated/rnn_tanh.float32.training.ts';
import { bytes as rnn } from '../src/generated/rnn_tanh.float32.ts';

const root = new URL('..', import.meta.url).pathname;

const MODULES = { gru, gruTraining, gruResetBefore, lstm, lstmTraining, lstmProjected, rnn, rnnTraining };

/** A piece of a module that no other one has, and that stands in every kind of string literal as it is. */
const pieceOf = (text: string): string =>
  text
    .match(/[^'"`\\$]+/g)!
    .filter((piece) => Object.values(MODULES).every((other) => other === text || !other.includes(piece)))
    .reduce((longest, piece) => (piece.length > longest.length ? piece : longest));

const inference = (name: string): string => `
  import { ${name}, tensor } from '@congruent/wasm/inference';
  const layer = await ${name}.create({ inputSize: 2, hiddenSize: 3 });
  export const result = layer.forward(tensor(new Float32Array([1, 2, 3, 4]), [2, 1, 2])).output.data;
`;

const gradients = (name: string): string => `
  import { ${name}, tensor } from '@congruent/wasm';
  const layer = await ${name}.create({ inputSize: 3, hiddenSize: 4 });
  const { output, pullback } = layer.vjp(tensor(new Float32Array([1, 2, 3, 4, 5, 6]), [2, 1, 3]));
  export const result = pullback({ output }).input.data;
`;

/** What a page does in float32, the most that it may load for that, minified, after gzip, and the modules it has. */
const PAGES = [
  { what: 'inference with GRU', ceiling: 16 * 1024, code: inference('GRU'), modules: ['gru'] },
  { what: 'inference with LSTM', ceiling: 16 * 1024, code: inference('LSTM'), modules: ['lstm'] },
  { what: 'inference with RNN', ceiling: 16 * 1024, code: inference('RNN'), modules: ['rnn'] },
  { what: 'gradients with GRU', ceiling: 25 * 1024, code: gradients('GRU'), modules: ['gru', 'gruTraining'] },
  { what: 'gradients with LSTM', ceiling: 25 * 1024, code: gradients('LSTM'), modules: ['lstm', 'lstmTraining'] },
  { what: 'gradients with RNN', ceiling: 25 * 1024, code: gradients('RNN'), modules: ['rnn', 'rnnTraining'] },
] as const;

/** What stands in the code of single cells, which no page uses: the name of an operand in their errors. */
const UNUSED = ': hx';

describe.each(bundlers)('bundled by %s', (bundler) => {
  test.each(PAGES)('$what loads at most $ceiling bytes, the modules $modules, and runs', async (page) => {
    const { what, ceiling, code, modules } = page;
    const { texts, bytes, exports } = await pageOf(bundler, root, code);
    console.log(`${what}, ${bundler}: ${bytes} bytes in ${texts.length} files`);
    const all = texts.join('\n');
    expect(all).not.toContain(UNUSED);
    const loaded = Object.entries(MODULES).filter(([, text]) => all.includes(pieceOf(text)));
    expect(loaded.map(([name]) => name)).toEqual(modules);
    expect(exports['result']).toHaveLength(6);
    expect(bytes).toBeLessThanOrEqual(ceiling);
  });

  test('a cell that an option asks for is loaded when it is asked for', async () => {
    const code = `
      import { GRU, LSTM, tensor } from '@congruent/wasm/inference';
      const sizes = { inputSize: 2, hiddenSize: 3 };
      const input = tensor(new Float32Array([1, 2]), [1, 1, 2]);
      const layers = [await GRU.create({ ...sizes, resetAfter: false }), await LSTM.create({ ...sizes, projSize: 1 })];
      export const results = layers.map((layer) => layer.forward(input).output.data.length);
    `;
    const { texts, exports } = await pageOf(bundler, root, code);
    expect(exports['results']).toEqual([3, 1]);
    const all = texts.join('\n');
    expect([gru, lstm].map((text) => all.includes(pieceOf(text)))).toEqual([true, true]);
    expect([gruResetBefore, lstmProjected].map((text) => all.includes(pieceOf(text)))).toEqual([false, false]);
  });
});

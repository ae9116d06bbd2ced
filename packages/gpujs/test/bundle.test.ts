import { describe, expect, test } from 'vitest';
import { bundlers, pageOf } from '../../../tools/testing/pages.ts';

const root = new URL('..', import.meta.url).pathname;

/** What stands in the kernels of one cell alone. */
const MARKS = {
  GRU: 'spec_tanh(x_n + r * u_n)',
  'GRU, resetAfter: false': 'spec_tanh(x_n + v_n)',
  LSTM: 'const tanh_h = spec_tanh(c_next)',
  'LSTM, projSize': 'const tanh_v = spec_tanh(c_next)',
  RNN: 'spec_tanh(x_h + h_h)',
  "RNN, nonlinearity: 'relu'": 'spec_relu(x_h + h_h)',
};

describe.each(bundlers)('bundled by %s', (bundler) => {
  test.each(['GRU', 'LSTM', 'RNN'])('a page with %s has the kernels of no other cell', async (name) => {
    const code = `
      import { ${name} } from '@congruent/gpujs';
      export const result = ${name}.name;
    `;
    const { texts, exports } = await pageOf(bundler, root, code);
    const all = texts.join('\n');
    for (const [other, mark] of Object.entries(MARKS)) expect(all.includes(mark), other).toBe(other === name);
    expect(exports['result']).toBe(name);
  });
});

import { expect, test } from 'vitest';
import { GRU, tensor } from '../src/index.ts';

const minified = await import('virtual:minified');

const options = { inputSize: 3, hiddenSize: 5, numLayers: 2, bidirectional: true } as const;
const data = Float32Array.from({ length: 7 * 2 * 3 }, (_, i) => Math.sin(i));

test.each(['webgpu', 'webgl2', 'webgl', 'webasm', 'cpu'] as const)(
  'bundled and minified it gives what the source does on %s',
  async (device) => {
    using source = await GRU.create({ ...options, device });
    using bundled = await minified.GRU.create({ ...options, device });
    const input = tensor(data, [7, 2, 3]);
    expect(bundled.device).toBe(device);
    const [got, expected] = [await bundled.vjp(input), await source.vjp(input)];
    expect([got.output, got.hn]).toEqual([expected.output, expected.hn]);
    const { output } = expected;
    expect(await got.pullback({ output })).toEqual(await expected.pullback({ output }));
  },
);

test('a bundle for the web has of npm what it needs, and nothing that gpu.js needs in Node', () => {
  expect(minified.packages.toSorted()).toEqual(['gpu.js']);
});

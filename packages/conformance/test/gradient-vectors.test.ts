import type { Tensor } from '@congruent/runtime';
import { describe, expect, test } from 'vitest';
import { statesOf } from '../src/kinds/kind.ts';
import { sizeOf } from '../src/kinds/sizes.ts';
import { type GradientCase, gradientVectors } from '../src/vectors/gradient-vectors.ts';
import { decode, isCell, kindOfCase, operandsOf, stateShapes, vectors } from '../src/vectors/vectors.ts';

const cases: readonly GradientCase[] = Object.values(gradientVectors).flat();

test('there are at least 60 recorded gradient cases, each with a name that no other case has', () => {
  expect(cases.length).toBeGreaterThanOrEqual(60);
  const names = [...cases, ...Object.values(vectors).flat()].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

const OPTIONS: Readonly<Record<string, (vector: GradientCase) => boolean>> = {
  'one layer': (vector) => !isCell(vector) && vector.config.numLayers === 1,
  'two layers': ({ config }) => config.numLayers === 2,
  'three layers': ({ config }) => config.numLayers === 3,
  'both directions': ({ config }) => config.bidirectional,
  'two layers in both directions': ({ config }) => config.numLayers === 2 && config.bidirectional,
  'no bias': ({ config }) => !config.bias,
  'batch first': ({ config }) => config.batchFirst,
  unbatched: ({ layout }) => layout === 'unbatched',
  'packed in order': ({ layout, enforceSorted }) => layout === 'packed' && enforceSorted,
  'packed out of order': ({ layout, enforceSorted }) => layout === 'packed' && !enforceSorted,
  'no initial states': ({ initial }) => !initial,
  dropout: ({ config }) => config.dropout > 0,
  'dropout of a packed input': ({ config, layout }) => config.dropout > 0 && layout === 'packed',
  'a cell': isCell,
  'a cell without states': (vector) => isCell(vector) && !vector.initial,
  'output alone fed back': ({ cotangents }) => `${cotangents}` === 'output',
  'hn alone fed back': (vector) => !isCell(vector) && `${vector.cotangents}` === 'hn',
};

describe.each(['float32', 'float64'] as const)('%s gradients are recorded for', (dtype) => {
  test.each(Object.entries(OPTIONS))('%s', (_, holds) => {
    expect(cases.some((vector) => vector.dtype === dtype && holds(vector))).toBe(true);
  });
});

for (const [topic, vectorsOfTopic] of Object.entries(gradientVectors)) {
  test(`no two axes and no two parameters are equal: ${topic}`, () => {
    for (const vector of vectorsOfTopic) expectDistinct(vector);
  });

  test(`input, h0 and every parameter have a finite gradient of their shape: ${topic}`, () => {
    for (const vector of vectorsOfTopic) expectComplete(vector);
  });
}

function expectDistinct(vector: GradientCase): void {
  const { name, layout, config, steps, batch, scales } = vector;
  const sizes = [config.inputSize, config.hiddenSize];
  if (layout !== 'unbatched') sizes.push(batch);
  if (!isCell(vector)) sizes.push(steps);
  expect(new Set(sizes).size, `${name}: sizes ${sizes}`).toBe(sizes.length);
  if (scales.parameters === 0) return;
  const parameters = Object.values(operandsOf({ ...vector, set: [] }).stateDict);
  const all = parameters.flatMap(({ data }) => [...data]);
  // Among more than 6000 numbers of 24 bits some are nearly always equal; then no two of one row are.
  for (const group of all.length <= 6000 ? [all] : parameters.flatMap(rowsOf)) {
    expect(new Set(group).size, `${name}: distinct parameters`).toBe(group.length);
  }
}

function rowsOf({ data, shape }: Tensor): number[][] {
  const width = shape.at(-1)!;
  return Array.from({ length: data.length / width }, (_, row) => [...data.subarray(row * width, (row + 1) * width)]);
}

function expectComplete(vector: GradientCase): void {
  const { name, dtype, expected, torchError } = vector;
  const { stateDict, input } = operandsOf(vector);
  const states = stateShapes(vector);
  const initial = statesOf(kindOfCase(vector), '0').map((of, index) => [of, states[index]!] as const);
  const shapes: (readonly [string, readonly number[]])[] = [['input', input.shape], ...initial];
  for (const [parameter, { shape }] of Object.entries(stateDict)) shapes.push([parameter, shape]);
  expect(
    Object.entries(expected).map(([of, { shape }]) => [of, shape]),
    name,
  ).toEqual(shapes);
  for (const [of, gradient] of Object.entries(expected)) {
    const values = decode(gradient);
    expect(values.length, `${name}: ${of}`).toBe(sizeOf(gradient.shape));
    expect(values.every(Number.isFinite), `${name}: ${of} is finite`).toBe(true);
  }
  expect(torchError && Object.keys(torchError), name).toEqual(dtype === 'float32' ? Object.keys(expected) : null);
}

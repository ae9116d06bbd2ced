// What follows from a cell by itself: `node train.mjs BACKEND`, after its classes were generated into generated/BACKEND.
import assert from 'node:assert/strict';
import { Adam, mseLoss } from '@congruent/train';

const [, , name] = process.argv;
const { backend, packPaddedSequence, readSafetensors, tensor, writeSafetensors } = await import(`@congruent/${name}`);
const { MinGru, MinGruCell } = await import(`./generated/${name}/min_gru.js`);
const { Averages } = await import(`./generated/${name}/averages.js`);
const { Leaky } = await import(`./generated/${name}/leaky.js`);

const waves = (...shape) =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i)),
    shape,
  );
const near = ({ data: got }, { data: wanted }) => wanted.every((value, i) => Math.abs(value - got[i]) < 1e-5);

async function train(layer, input, target) {
  const optimizer = new Adam({ lr: 0.03 });
  const losses = [];
  for (let step = 0; step < 60; step++) {
    const { output, pullback } = await layer.vjp(input);
    const { loss, gradient } = mseLoss(output, target);
    const { parameters } = await pullback({ output: gradient });
    layer.loadStateDict(optimizer.step(layer.stateDict(), parameters));
    losses.push(loss);
  }
  return losses;
}

for (const [Class, sizes, width] of [
  [MinGru, { I: 3, H: 4 }, 4],
  [Leaky, { I: 3, H: 4 }, 4],
  [Averages, { I: 3, O: 2 }, 2],
]) {
  const losses = await train(
    await Class.create({ sizes }),
    waves(6, 2, 3),
    tensor(
      waves(6, 2, width).data.map((x) => x / 4),
      [6, 2, width],
    ),
  );
  assert(losses.at(-1) < losses[0] / 2, `the loss of training stays where it was: ${losses[0]}, ${losses.at(-1)}`);
  console.log(`  ${name}: loss ${losses[0].toFixed(4)}, after 60 steps ${losses.at(-1).toFixed(4)}`);
}

const deep = await MinGru.create({
  sizes: { I: 3, H: 4 },
  numLayers: 2,
  bidirectional: true,
  batchFirst: true,
  dropout: 0.5,
  seed: 1,
});
deep.eval();
const padded = waves(2, 6, 3);
const { output, hn } = await deep.forward(padded);
assert.deepEqual(
  [output.shape, hn.shape],
  [
    [2, 6, 8],
    [4, 2, 4],
  ],
);
deep.train();
assert(!near((await deep.forward(padded)).output, output), 'dropout does nothing');
deep.eval();

const packed = packPaddedSequence(padded, [6, 4], { batchFirst: true });
const ofPacked = await deep.vjp(packed);
assert.equal(ofPacked.output.data.shape[0], 10);
assert.equal((await ofPacked.pullback({ output: ofPacked.output })).input.data.shape[0], 10);

const saved = readSafetensors(writeSafetensors(deep.stateDict())).tensors;
const read = await MinGru.fromStateDict(saved, { batchFirst: true });
assert.deepEqual(read.options.sizes, { I: 3, H: 4 });
assert(near((await read.forward(padded)).output, output), 'a state dict that is read gives other results');

const stacked = await MinGru.create({ sizes: { I: 3, H: 4 }, numLayers: 2 });
const sequence = waves(5, 1, 3);
const whole = await stacked.forward(sequence);
const stream = stacked.stream();
for (let t = 0; t < 5; t++) {
  const y = await stream.step(sequence.data.slice(3 * t, 3 * t + 3));
  assert(near({ data: y }, { data: whole.output.data.slice(4 * t, 4 * t + 4) }), 'a stream gives other results');
}
assert(near(await stream.state, whole.hn), 'a stream has another state');

const cell = await MinGruCell.create({ sizes: { I: 3, H: 4 } });
const { output: next, pullback } = await cell.vjp(waves(2, 3));
assert.deepEqual(
  [next.shape, (await pullback(next)).hx.shape],
  [
    [2, 4],
    [2, 4],
  ],
);

if (backend.supports.float64) {
  const double = await MinGru.create({ sizes: { I: 3, H: 4 }, dtype: 'float64' });
  const exact = await double.forward(tensor(Float64Array.from(waves(5, 1, 3).data), [5, 1, 3]));
  assert(exact.output.data instanceof Float64Array);
}

await assert.rejects(Averages.create({ sizes: { I: 3, O: 2 }, numLayers: 2 }), { code: 'CONGRUENT_OPTION' });
const float64 = backend.supports.float64 ? ', float64' : '';
console.log(
  `  ${name}: layers, directions, packing, dropout, streams, gradients, state dicts${float64} follow from a cell`,
);

// A model file as a consumer reads it: `node model.mjs FILE` writes one of safetensors, and runs the layer that is found.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { readModel } from '@congruent/models';
import { GRU, tensor, writeSafetensors } from '@congruent/wasm';

const [, , path] = process.argv;
const saved = await GRU.create({ inputSize: 3, hiddenSize: 4, numLayers: 2 });
const dict = Object.entries(saved.stateDict()).map(([name, value]) => [`encoder.rnn.${name}`, value]);
await writeFile(path, writeSafetensors(Object.fromEntries(dict)));

const { format, layers } = await readModel(await readFile(path), { name: path });
assert.deepEqual([format, layers.length, layers[0].name], ['safetensors', 1, 'encoder.rnn']);
const gru = await GRU.create(layers[0].options);
gru.loadStateDict(layers[0].parameters);
const input = tensor([1, 2, 3, 4, 5, 6], [2, 1, 3]);
assert.deepEqual(gru.forward(input).output, saved.forward(input).output);
console.log('  a layer is found in a file by its names, and has the bits of the one that was saved');

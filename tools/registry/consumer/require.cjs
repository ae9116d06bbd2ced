// What is written with `require`: it gives every package, save `congruent`, which awaits its backend.
const assert = require('node:assert/strict');
const { GRU, tensor } = require('@congruent/wasm');
require('@congruent/scalar');
require('@congruent/gpujs');
require('@congruent/models');
require('@congruent/native');
require('@congruent/train');

const gru = GRU.createSync({ inputSize: 2, hiddenSize: 4 });
assert.deepEqual(gru.forward(tensor(new Float32Array(6), [3, 1, 2])).output.shape, [3, 1, 4]);
assert.throws(() => require('congruent'), { code: 'ERR_REQUIRE_ASYNC_MODULE' });
import('congruent').then(() => console.log('fine'));

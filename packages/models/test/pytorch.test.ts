import { existsSync } from 'node:fs';
import { referenceModule } from '@congruent/conformance';
import { CongruentError, type Tensor } from '@congruent/runtime';
import { expect, test } from 'vitest';
import { type Layer, readModel } from '../src/index.ts';
import { expectNear, float32, type Recorded, recorded } from './recorded.ts';
import { run } from './run.ts';

const items = recorded('pytorch');

/** What `preferred` of an item says, where it may be read or refused. */
const isRead = ({ expect: asked, expected }: Recorded): boolean =>
  asked === 'read' || (asked === 'read-or-refuse' && expected.preferred !== 'refuse');

/** The tensors as the tool lists them: PyTorch's shapes and types by the names of the state dict. */
function listed({ expected }: Recorded): Record<string, { dtype: string; shape: number[] }> {
  // biome-ignore lint/suspicious/noExplicitAny: keys lead to the state dict
  return (expected.statedict_path ?? []).reduce((of: any, key: string) => of[key], expected.tensors);
}

function expectLayer(layer: Layer | undefined, expected: Recorded['expected']): void {
  const { kind, cell, prefix, inputSize, hiddenSize, numLayers, bidirectional, bias, projSize } = expected;
  const stack = cell ? {} : { numLayers, bidirectional };
  expect(layer).toMatchObject({ kind: cell ? `${kind}Cell` : kind, name: prefix.replace(/\.$/, ''), notes: [] });
  expect(layer!.options).toMatchObject({ inputSize, hiddenSize, bias, ...stack, ...(projSize ? { projSize } : {}) });
}

/** Runs one as the tool did, which may have had the batch first where the file does not say it. */
function expectOutput(layer: Layer, recordedRun: Recorded['expected'], batchFirst: boolean): void {
  const { input, states = {}, output, output64, statesOut, statesOut64, toolError } = recordedRun;
  const wide = layer.options.dtype === 'float64';
  const given = [input, ...Object.values(states)].map(float32).map(({ data, shape }) => ({
    data: wide ? Float64Array.from(data) : data,
    shape,
  })) as [Tensor, ...Tensor[]];
  const [x, ...state] = given;
  if (layer.kind === 'GRUCell') {
    const cell = referenceModule().GRUCell.createSync(layer.options as never);
    cell.loadStateDict(layer.parameters);
    expectNear(cell.forward(x, state[0]), output64, toolError);
    return;
  }
  const ran = run({ ...layer, options: { ...layer.options, batchFirst } }, x, state.length > 1 ? state : state[0]);
  expectNear(ran.output, output64 ?? output, toolError);
  Object.values(statesOut64 ?? statesOut ?? {}).forEach((wanted, i) => {
    expectNear(ran.states[i]!, wanted as Tensor as never, toolError);
  });
}

for (const item of items.filter(isRead)) {
  const { path, files, file, expected } = item;
  test(`${path}: every tensor and layer as PyTorch has it, and its results`, async () => {
    const { format, tensors, layers } = await readModel(files[file]!, { name: file });
    expect(format).toBe('pytorch');
    const types = Object.entries(tensors).map(([name, { dtype, shape }]) => [name, { dtype, shape }]);
    if (expected.tensors) {
      const listedTypes = Object.entries(listed(item)).map(([name, { dtype, shape }]) => [name, { dtype, shape }]);
      expect(types).toEqual(listedTypes);
    }
    // biome-ignore lint/suspicious/noExplicitAny: a record of the tool
    const recurrent: any[] = expected.layers.filter(
      ({ kind }: { kind: string }) => kind in { GRU: 1, LSTM: 1, RNN: 1 },
    );
    expect(layers).toHaveLength(recurrent.length);
    for (const [i, wanted] of recurrent.entries()) expectLayer(layers[i], wanted);
    for (const each of expected.cases ?? [{ ...expected, prefix: recurrent[0].prefix }]) {
      const index = recurrent.findIndex(({ prefix }) => prefix === each.prefix);
      expectOutput(layers[index]!, each, recurrent[index].batchFirst === true);
    }
  });
}

/** What each refusal must say. */
const REFUSALS: Readonly<Record<string, RegExp>> = {
  malicious_eval_legacy: /MODEL_UNSAFE: .*__builtin__\.eval/,
  malicious_os_system: /MODEL_UNSAFE: .*posix\.system/,
  not_a_state_dict: /MODEL_FORMAT: .*no state dict, but one tensor of the shape \[2, 3\]/,
  shape_past_storage: /MODEL_FORMAT: .*"weight_ih_l0".*\[255, 254\].*past its storage of 18/,
  truncated: /MODEL_FORMAT: .*cut off/,
  zip_size_lie: /MODEL_FORMAT: .*data\.pkl.*4026531840 bytes/,
  zip_bomb: /MODEL_UNSAFE: .*inflates to/,
  whole_module_custom_class: /MODEL_UNSAFE: .*__main__\.Denoiser.*model\.state_dict\(\)/,
};

for (const { path, files, file } of items.filter((item) => !isRead(item))) {
  const name = path.split('/')[1]!;
  test(`${path}: refused with the reason, nothing of it run`, async () => {
    const reading = readModel(files[file]!, { name: file });
    await expect(reading).rejects.toThrow(CongruentError);
    await expect(reading).rejects.toThrow(REFUSALS[name]);
    expect(REFUSALS).toHaveProperty(name);
    expect(existsSync('pickle_code_was_run.txt')).toBe(false);
  });
}

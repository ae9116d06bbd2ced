import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readSafetensors } from '@congruent/runtime';
import { gru, lstmProjected } from '@congruent/spec';
import { afterAll, describe, expect, test } from 'vitest';
import { versionOf } from '../../../../tools/testing/compilers.mjs';
import { downloadOf, type Format, type Trained } from '../../src/training/downloads.ts';
import { networkLayers, networkOf } from '../../src/training/network.ts';
import { adding } from '../../src/training/tasks/adding.ts';
import { Trainer } from '../../src/training/trainer.ts';

const folder = mkdtempSync(join(tmpdir(), 'congruent-explorer-'));
afterAll(() => rmSync(folder, { recursive: true }));

const task = adding(12);

const networks = [networkOf(gru, task, { H: 9 }), networkOf(lstmProjected, task, { H: 6, P: 5 })];
const trainers = await Promise.all(
  networks.map((network) =>
    Trainer.create(task, networkLayers(network), { seed: 3, learningRate: 0.01, sequences: 4 }),
  ),
);

describe.each(networks.map(({ name }, at) => [name, networks[at]!, trainers[at]!] as const))(
  '%s',
  (_, network, trainer) => {
    for (let step = 0; step < 20; step++) trainer.step();
    const trained: Trained = {
      name: network.name,
      network,
      widths: task,
      parameters: trainer.parameters,
      about: ['A cell and a head, trained', 'for a test'],
    };
    const sample = trainer.sample(0);
    const wanted = trainer.look(sample, 0).output;

    function saved(format: Format): string {
      const { name, contents } = downloadOf(format, trained);
      const path = join(folder, name);
      writeFileSync(path, contents);
      return path;
    }

    test('.safetensors has the names of a module of torch with the parts rnn and head', () => {
      const { contents } = downloadOf('safetensors', trained);
      const { tensors, metadata } = readSafetensors(contents as Uint8Array);
      const projection = network === networks[1] ? ['rnn.weight_hr_l0'] : [];
      const names = ['rnn.weight_ih_l0', 'rnn.weight_hh_l0', 'rnn.bias_ih_l0', 'rnn.bias_hh_l0', ...projection];
      expect(Object.keys(tensors).sort()).toEqual([...names, 'head.weight', 'head.bias'].sort());
      expect(tensors).toMatchObject(trainer.parameters);
      expect(metadata).toEqual({ about: trained.about.join('\n') });
    });

    test('.wasm runs anywhere, with the bits of the page', () => {
      const { contents } = downloadOf('wasm', trained);
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(contents as Uint8Array<ArrayBuffer>));
      const { memory, input, output, step } = exports as {
        memory: WebAssembly.Memory;
        input(): number;
        output(): number;
        step(): void;
      };
      const given = Array.from({ length: task.steps }, (_, at) => {
        const x = sample.input.data.subarray(at * task.inputs, (at + 1) * task.inputs);
        new Float32Array(memory.buffer, input(), task.inputs).set(x);
        step();
        return new Float32Array(memory.buffer, output(), 1)[0]!;
      });
      expect(Float32Array.from(given)).toEqual(wanted);
    });

    test('the module of JavaScript needs nothing else', async () => {
      const { create, inputSize, outputSize } = await import(pathToFileURL(saved('js')).href);
      expect([inputSize, outputSize]).toEqual([task.inputs, task.outputs]);
      const model = create();
      expect(model.run(sample.input.data, task.steps)).toEqual(wanted);
      model.reset();
      expect(model.step(sample.input.data.subarray(0, task.inputs))).toEqual(wanted.subarray(0, 1));
    });

    const compiler = [process.env['CC'], 'cc', 'gcc', 'clang'].find((each) => each && versionOf(each));
    test.skipIf(!compiler && !process.env['CI'])('the header of C compiles, and gives the bits', () => {
      const header = saved('h');
      const name = trained.name;
      const program = join(folder, `${name}.c`);
      writeFileSync(program, programOf(name, sample.input.data as Float32Array));
      execFileSync(compiler!, [
        '-std=c99',
        '-Wall',
        '-Wextra',
        '-Werror',
        '-O2',
        '-I',
        folder,
        '-o',
        `${program}.out`,
        program,
      ]);
      const printed = execFileSync(`${program}.out`, { encoding: 'utf8' });
      expect(Float32Array.from(printed.trim().split('\n'), Number), header).toEqual(wanted);
    });
  },
);

/** Runs the model over a sequence, and prints each output such that it is read back exactly. */
const programOf = (name: string, values: Float32Array): string => `\
#include <stdio.h>
#include "${name}.h"

static const float inputs[] = { ${Array.from(values, (value) => `${value.toExponential()}f`).join(', ')} };
static ${name}_state state;
static float outputs[${task.steps}];

int main(void) {
  ${name}_reset(&state);
  ${name}_run(&state, ${task.steps}, inputs, outputs);
  for (int i = 0; i < ${task.steps}; i++) printf("%.9g\\n", outputs[i]);
  return 0;
}
`;

import { assemble } from '@congruent/cli';
import { compile } from '@congruent/codegen';
import { cell, gru, gruResetBefore, lstm, lstmProjected, rnnRelu, rnnTanh, withLengths } from '@congruent/spec';
import { expect, test } from 'vitest';
import exporter, { standalone } from '../codegen/export.ts';
import { inputSize, outputSize, series, streamed } from './engine-model.ts';
import { engineFiles, filesOf, modelOfCell, wrapperOf } from './exported.ts';

/** What a host in another language sees. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  input(): number;
  output(): number;
  reset(): void;
  step(): void;
  alloc(bytes: number): number;
  run(steps: number, x: number, y: number): void;
}

const files = engineFiles();
const module = new WebAssembly.Module(files.bytes);
const instance = (): Exports => new WebAssembly.Instance(module).exports as unknown as Exports;

test('a module imports nothing, and exports what a host needs and no more', () => {
  expect(WebAssembly.Module.imports(module)).toEqual([]);
  expect(WebAssembly.Module.exports(module)).toEqual([
    { name: 'memory', kind: 'memory' },
    ...['input', 'output', 'reset', 'step', 'run', 'alloc'].map((name) => ({ name, kind: 'function' })),
  ]);
});

test.each([true, false])('code and wrapper are less than 20 KB beside the weights: SIMD %s', (simd) => {
  const layers = [gru, gruResetBefore, lstm, lstmProjected, rnnTanh, rnnRelu].map((each) => modelOfCell(each, 128));
  const sizes = [...layers.map((layer) => filesOf(layer, simd)), engineFiles(simd)].map(
    ({ code, source, types }) => code + source.length + types.length,
  );
  expect(Math.max(...sizes)).toBeLessThan(20_000);
});

test('a host steps through memory, and runs rows that alloc has room for', () => {
  const { memory, input, output, reset, step, alloc, run } = instance();
  const values = series(3);
  const wanted = streamed(values);
  new Float32Array(memory.buffer, input(), inputSize).set(values.subarray(0, inputSize));
  step();
  expect(new Float32Array(memory.buffer, output(), outputSize)).toEqual(wanted.subarray(0, outputSize));
  reset();
  const [x, y] = [alloc(values.byteLength), alloc(wanted.byteLength)];
  new Float32Array(memory.buffer, x, values.length).set(values);
  run(3, x, y);
  expect(new Float32Array(memory.buffer, y, wanted.length)).toEqual(wanted);
});

test('rows of results may overwrite those that they are made of, and no steps are no rows', async () => {
  const square = cell`
    square(x[3], h[3]) -> h'
    h' = tanh(W @ x + h)
    layout plain
      W = [W]
  `;
  const { bytes } = filesOf(modelOfCell(square));
  const { memory, reset, alloc, run } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    .exports as unknown as Exports;
  const [x, y] = [alloc(60), alloc(60)];
  const at = (address: number): Float32Array => new Float32Array(memory.buffer, address, 15);
  at(x).set(series(3));
  run(5, x, y);
  reset();
  run(5, x, x);
  expect(at(x)).toEqual(at(y));
  run(0, y, x);
  run(-1, y, x);
  expect(at(x)).toEqual(at(y));
});

test('alloc gives whole multiples of 16 that do not overlap, and the memory grows', () => {
  const { memory, alloc } = instance();
  const before = memory.buffer.byteLength;
  const given = [0, 1, 16, 17, before, 4].map((bytes) => ({ bytes, at: alloc(bytes) }));
  for (const [index, { at, bytes }] of given.entries()) {
    expect(at % 16).toBe(0);
    const next = given[index + 1];
    if (next) expect(next.at).toBeGreaterThanOrEqual(at + bytes);
  }
  expect(memory.buffer.byteLength).toBeGreaterThanOrEqual(given.at(-1)!.at + 4);
});

test.each([-1, -(2 ** 31), 2 ** 31 - 1])('alloc traps where %i bytes are not there, and the model goes on', (bytes) => {
  const { memory, input, output, step, alloc } = instance();
  const there = 2 ** 31;
  alloc(there / 2); // so that what is asked for ends beyond the memory
  alloc(there / 2 - 1);
  expect(() => alloc(bytes)).toThrow(WebAssembly.RuntimeError);
  const values = series(1);
  new Float32Array(memory.buffer, input(), inputSize).set(values);
  step();
  expect(new Float32Array(memory.buffer, output(), outputSize)).toEqual(streamed(values));
});

test('a module of JavaScript with the model inside needs no file', async () => {
  const base64 = Buffer.from(files.bytes).toString('base64');
  const source = standalone('model', ['A model.'], { inputs: inputSize, outputs: outputSize }, base64);
  const { create, ...sizes } = await wrapperOf({ ...files, source });
  expect(sizes).toMatchObject({ inputSize, outputSize });
  const values = series(4);
  expect((create as () => ReturnType<typeof create>)().run(values, 4)).toEqual(streamed(values));
  expect(create(module).run(values, 4)).toEqual(streamed(values));
});

test('models of one module have states of their own, and reset goes back to the first', async () => {
  const { create, ...sizes } = await wrapperOf(files);
  expect(sizes).toMatchObject({ inputSize, outputSize });
  const [one, other] = [create(module), create(files.bytes)];
  const values = series(4);
  const wanted = streamed(values);
  expect(one.run(values, 4)).toEqual(wanted);
  expect(other.run([...values], 4)).toEqual(wanted);
  expect(one.run(values, 4)).not.toEqual(wanted);
  one.reset();
  expect(one.run(values, 4)).toEqual(wanted);
});

test('a step gives one array again and again, which may be written to and transferred', async () => {
  const model = (await wrapperOf(files)).create(module);
  const values = series(3);
  const wanted = streamed(values);
  const row = (t: number): Float32Array => values.subarray(t * inputSize, (t + 1) * inputSize);
  const first = model.step(row(0));
  structuredClone(first.fill(7), { transfer: [first.buffer] });
  const second = model.step(row(1));
  expect(second).toEqual(wanted.subarray(outputSize, 2 * outputSize));
  expect(model.step(row(2))).toBe(second);
  expect(second).toEqual(wanted.subarray(2 * outputSize));
});

test('a step has the bits of a stream after a run that made the memory grow', async () => {
  const model = (await wrapperOf(files)).create(module);
  const steps = 4000;
  model.run(series(steps), steps);
  model.reset();
  const values = series(1);
  expect(model.step(values)).toEqual(streamed(values));
});

test('values that are too many or too few are refused, and nothing is done', async () => {
  const model = (await wrapperOf(files)).create(module);
  const values = series(2);
  const wrong: readonly (readonly [() => unknown, string])[] = [
    [() => model.step(values), `model.step: expected ${inputSize} values, got ${2 * inputSize} values`],
    [() => model.step(undefined as never), `model.step: expected ${inputSize} values, got undefined`],
    [() => model.run(values, 3), `model.run: expected ${3 * inputSize} values, got ${2 * inputSize} values`],
    [() => model.run(values, 0.5), `model.run: steps must be an integer ≥ 0, got 0.5`],
    [() => model.run([], -1), 'model.run: steps must be an integer ≥ 0, got -1'],
  ];
  for (const [act, message] of wrong) expect(act).toThrow(new RangeError(message));
  expect(model.run([], 0)).toEqual(new Float32Array());
  expect(model.run(values, 2)).toEqual(streamed(values));
});

test('a backward step is refused, as wasm has none', () => {
  const refused = () => exporter.export(modelOfCell(gru), { simd: true, training: true }, assemble);
  expect(refused).toThrow(expect.objectContaining({ code: 'EXPORT_OPTION' }));
});

test('a model that is larger than a memory can be is refused, and how large it is', () => {
  const program = compile(withLengths(gru, { I: 20_000, H: 20_000 }));
  const model = { name: 'huge', program, tensors: new Map(), header: [] };
  const refused = () => exporter.export(model, { simd: true, training: false }, assemble);
  expect(refused).toThrow(/^EXPORT_SIZE: huge needs 1\d{4} MiB, and the memory of WebAssembly ends at 4096 MiB\. /);
});

test('exporting is pure: the same model gives the same files', () => {
  const model = modelOfCell(lstm);
  expect(filesOf(model)).toEqual(filesOf(model));
});

import { type ExportedModel, type Exporter, evaluate, type Plan, planFor, withoutRecording } from '@congruent/codegen';
import { CongruentError } from '@congruent/runtime';
import { packedWeights, withData, withStates } from './export-data.ts';
import { type Layout, layoutOf, type Region } from './export-layout.ts';
import { exportModule } from './export-module.ts';
import { types, wrapper } from './export-wrapper.ts';
import { lanesOf, oneLane } from './lanes.ts';
import { targetFor } from './target.ts';
import { print } from './wat.ts';

export { standalone } from './export-wrapper.ts';

/** Where a memory of WebAssembly ends. */
const MAX_BYTES = 2 ** 32;

/** Exports a model as a WebAssembly module without imports, the packed weights in a data segment, and its wrapper. */
const exporter: Exporter = {
  target: 'wasm',
  export(model, { simd, training }, assemble) {
    if (training) {
      const problem = '--training: a model for wasm has no backward step';
      throw new CongruentError('EXPORT_OPTION', `${problem}. Leave it out, or use --target c.`);
    }
    const { name, program, header } = model;
    const lanes = simd ? lanesOf('float32', false) : oneLane;
    const { forward, functions } = planFor(program, targetFor(lanes), 'float32');
    const plan = withoutRecording(forward);
    const layout = layoutOf(plan, lanes, model.initialStates !== undefined);
    checkSize(model, plan, layout);
    const target = { lanes, functions };
    const weights = packedWeights(model, plan, layout, target, assemble);
    const data = withStates(weights, model, plan, layout);
    const code = assemble(print(exportModule(plan, layout, target)));
    const widths = { inputs: valuesIn(layout.input), outputs: valuesIn(layout.output) };
    return {
      files: [
        { path: `${name}.wasm`, contents: withData(code, layout.weights.at, data), weights: weights.length },
        { path: `${name}.js`, contents: wrapper(name, header, widths) },
        { path: `${name}.d.ts`, contents: types(name, header, widths) },
      ],
      notes: [`memory: ${layout.end} bytes`],
    };
  },
};

const valuesIn = ({ at, end }: Region): number => (end - at) / Float32Array.BYTES_PER_ELEMENT;

/** The weights and the tensors that they are packed from lie in one memory. */
function checkSize({ name }: ExportedModel, { tensors }: Plan, { end }: Layout): void {
  const given = tensors.reduce((bytes, { width }) => bytes + evaluate(width, {}) * Float32Array.BYTES_PER_ELEMENT, 0);
  if (end + given <= MAX_BYTES) return;
  const mib = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
  const problem = `${name} needs ${mib(end + given)} MiB, and the memory of WebAssembly ends at ${mib(MAX_BYTES)} MiB`;
  throw new CongruentError('EXPORT_SIZE', `${problem}. Use a smaller model, or another target.`);
}

export default exporter;

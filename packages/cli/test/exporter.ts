/** An exporter that says what it was given. */
const EXPORTER = `
export default {
  target: 'wasm',
  export: ({ name, program: { cell }, tensors, initialStates, header }, options) => ({
    files: [
      { path: name + '.json', contents: JSON.stringify({
        inputs: cell.inputs, states: cell.states, outputs: cell.outputs, options, header,
        initialStates: initialStates?.map((state) => [...state]),
        tensors: Object.fromEntries([...tensors].map(([tensor, data]) => [tensor, [...data]])),
      }) },
      { path: name + '.bin', contents: Uint8Array.of(1, 2, 3), weights: 2 },
    ],
    notes: ['memory: 12 bytes'],
  }),
};`;

/** A package of a backend that has it. */
export const EXPORTING: Readonly<Record<string, string>> = {
  'node_modules/@congruent/wasm/package.json': '{ "type": "module", "exports": { "./export": "./export.js" } }',
  'node_modules/@congruent/wasm/export.js': EXPORTER,
};

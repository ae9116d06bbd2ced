const CELL = 'part of a cell of your own';

/** Options of Keras, TensorFlow.js and ONNX, in small letters without underscores, and what they are here. */
const OPTIONS: Readonly<Record<string, string>> = {
  units: 'hiddenSize',
  linearbeforereset: 'resetAfter: true for 1, false for 0',
  returnsequences: 'output',
  stateful: 'stream(), or hn as h0',
  gobackwards: 'the input reversed',
  activation: CELL,
  recurrentactivation: CELL,
};

/** What an option of another framework is here, or the known one that is nearest, where one is near; with a space behind. */
export function optionHint(name: string, known: readonly string[]): string {
  const key = inSmall(name);
  if (key === 'projsize') return 'proj_size argument is only supported for LSTM, not RNN or GRU. ';
  if (Object.hasOwn(OPTIONS, key)) return `Here that is ${OPTIONS[key]}. `;
  const near = known.find((each) => likeness(key, inSmall(each)) >= 0.5);
  return near === undefined ? '' : `The nearest known one is '${near}'. `;
}

const inSmall = (name: string): string => name.toLowerCase().replaceAll('_', '');

/** Of the pairs of neighbouring letters, and the first and last, the share that two names have in common. */
function likeness(a: string, b: string): number {
  const pairs = (name: string): string[] => [...` ${name}`].map((letter, at) => letter + (name[at] ?? ''));
  const [from, to] = [pairs(a), pairs(b)];
  return from.filter((pair) => to.includes(pair)).length / Math.max(from.length, to.length);
}

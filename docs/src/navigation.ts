import type { DefaultTheme } from 'vitepress';

const item = (text: string, link: string): DefaultTheme.SidebarItem => ({ text, link });

/** From what is used to what it is made with. */
const PACKAGES = [
  'congruent',
  'scalar',
  'wasm',
  'native',
  'gpujs',
  'models',
  'train',
  'runtime',
  'spec',
  'codegen',
  'cli',
  'conformance',
];

/** As it is written behind `from`. */
const imported = (name: string): string => (name === 'congruent' ? name : `@congruent/${name}`);

/** Every page, in the order in which they are read. */
export const sidebar: DefaultTheme.SidebarItem[] = [
  {
    text: 'Guide',
    items: [
      item('Overview', '/overview'),
      item('Installing', '/installing'),
      item('Choosing a backend', '/choosing-a-backend'),
      item('Your own cell', '/your-own-cell'),
      item('Export', '/export'),
      item('Audio worklets', '/audio-worklets'),
      item('Many sequences', '/scale'),
      item('Numerics', '/numerics'),
      item('Reliability', '/reliability'),
      item('Errors', '/errors'),
      item('Benchmarks', '/benchmarks'),
    ],
  },
  {
    text: 'Bring your model',
    items: [
      item('In three steps', '/bring-your-model/'),
      item('PyTorch', '/bring-your-model/pytorch'),
      item('ONNX', '/bring-your-model/onnx'),
      item('Keras', '/bring-your-model/keras'),
      item('TensorFlow.js', '/bring-your-model/tfjs'),
      item('RTNeural and NAM', '/bring-your-model/rtneural'),
    ],
  },
  {
    text: 'Examples',
    items: [
      item('Silero VAD', '/examples/vad'),
      item('RNNoise', '/examples/rnnoise'),
      item('A guitar amplifier', '/examples/amp'),
      item('Sequences from Parquet', '/examples/scale'),
    ],
  },
  {
    text: 'Specification',
    items: [
      item('GRU', '/spec/gru'),
      item('LSTM', '/spec/lstm'),
      item('RNN', '/spec/rnn'),
      item('Conformance', '/conformance'),
    ],
  },
  {
    text: 'Packages',
    collapsed: true,
    items: PACKAGES.map((name) => item(imported(name), `/packages/${name}`)),
  },
  {
    text: 'API',
    collapsed: true,
    items: [...PACKAGES.filter((name) => name !== 'cli'), 'runtime/public', 'spec/catalogue'].map((name) =>
      item(imported(name), `/api/${imported(name)}`),
    ),
  },
  {
    text: 'How it is made',
    items: [
      item('Architecture', '/architecture'),
      item('Adding a backend', '/adding-a-backend'),
      item('How examples run', '/tools/examples'),
      item('How it is timed', '/tools/bench'),
      item('How PyTorch is recorded', '/tools/vectors'),
    ],
  },
];

export const nav: DefaultTheme.NavItem[] = [
  {
    text: 'Guide',
    link: '/overview',
    activeMatch:
      '^/(overview|installing|choosing|your-own|export|audio|scale|numerics|reliability|errors|bring|examples)',
  },
  { text: 'Specification', link: '/spec/gru', activeMatch: '^/spec/' },
  { text: 'API', link: '/api/', activeMatch: '^/api/' },
  { text: 'Explorer', link: '/explorer/' },
  { text: 'Benchmarks', link: '/benchmarks' },
];

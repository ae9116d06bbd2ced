import { GRU, tensor } from '@congruent/wasm/inference';
import { addProcessor } from './add-processor.js';

const options = { inputSize: 1, hiddenSize: 8 };
const gru = await GRU.create({ ...options, seed: 1 }); // or weights of yours, by gru.loadStateDict

const context = new OfflineAudioContext(1, 48000, 48000); // or new AudioContext(), after a click
await addProcessor(context);
const processorOptions = { options, stateDict: gru.stateDict() };
const node = new AudioWorkletNode(context, 'gru', { processorOptions });
node.connect(context.destination);

const samples = Float32Array.from({ length: 48000 }, (_, i) => Math.sin(i / 20));
const buffer = new AudioBuffer({ length: samples.length, sampleRate: context.sampleRate });
buffer.copyToChannel(samples, 0);
const source = new AudioBufferSourceNode(context, { buffer });
source.connect(node);
source.start();
const heard = (await context.startRendering()).getChannelData(0);

const { output } = gru.forward(tensor(samples, [samples.length, 1]));
const same = heard.every((value, t) => value === output.data[t * options.hiddenSize]);
document.title = same ? 'the same bits in both places' : 'other bits';

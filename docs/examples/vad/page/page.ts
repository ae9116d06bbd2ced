import { Chart, type Heard } from './chart.ts';
import type { ProcessorOptions } from './processor.ts';

/** The rate that the network was trained at; the browser resamples what comes in. */
const RATE = 16_000;

const element = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;

const verdict = element<HTMLOutputElement>('verdict');
const probabilityText = element('probability');
const problem = element('problem');
const stopButton = element<HTMLButtonElement>('stop');
const chart = new Chart(element<HTMLCanvasElement>('chart'));

const compiled = WebAssembly.compileStreaming(fetch('silero_vad.wasm'));

/** Ends what is under way. */
let stop = async (): Promise<void> => {};

/** Where sound comes from: a node, and what ends it. */
type Source = (context: AudioContext) => Promise<{ readonly node: AudioNode; readonly isHeard: boolean; end(): void }>;

async function listen(open: Source): Promise<void> {
  await stop();
  problem.textContent = '';
  chart.clear();
  const context = new AudioContext({ sampleRate: RATE });
  const ends: (() => void)[] = [];
  stop = async () => {
    stop = async () => {};
    for (const end of ends) end();
    await context.close();
    stopButton.disabled = true;
    verdict.value = 'not listening';
    probabilityText.textContent = '–';
  };
  stopButton.disabled = false;
  verdict.value = 'starting';
  try {
    const { node, isHeard, end } = await open(context);
    ends.push(end);
    // Stopped meanwhile, or something else was started.
    if (context.state === 'closed') {
      end();
      return;
    }
    await context.audioWorklet.addModule('processor.js');
    const processorOptions: ProcessorOptions = { module: await compiled };
    const detector = new AudioWorkletNode(context, 'detector', {
      channelCount: 1,
      channelCountMode: 'explicit',
      processorOptions,
    });
    detector.port.onmessage = ({ data }: MessageEvent<Heard>) => show(data);
    // What it said before it was stopped can still be on its way.
    ends.push(() => {
      detector.port.onmessage = null;
    });
    node.connect(detector).connect(context.destination);
    if (isHeard) node.connect(context.destination);
    if (node instanceof AudioBufferSourceNode) node.start();
    verdict.value = 'silence';
  } catch (error) {
    if (context.state === 'closed') return;
    await stop();
    problem.textContent = explained(error);
  }
}

function show(heard: Heard): void {
  chart.add(heard);
  probabilityText.textContent = heard.probability.toFixed(3);
  const text = heard.probability >= 0.5 ? 'speech' : 'silence';
  if (verdict.value !== text) verdict.value = text; // a screen reader says it when it changes
}

function explained(error: unknown): string {
  const { name, message } = error as DOMException;
  if (name === 'NotAllowedError') return 'The microphone may not be used. Allow it in the page’s permissions.';
  if (name === 'NotFoundError') return 'There is no microphone.';
  if (name === 'NotSupportedError') {
    return `This browser does not resample a microphone to ${RATE} Hz (${message}). The recording and files work.`;
  }
  return message;
}

const microphone: Source = async (context) => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const end = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  return { node: context.createMediaStreamSource(stream), isHeard: false, end };
};

const samples =
  (load: () => Promise<ArrayBuffer>): Source =>
  async (context) => {
    const buffer = await context.decodeAudioData(await load());
    const node = new AudioBufferSourceNode(context, { buffer });
    node.onended = () => void stop();
    const end = () => {
      node.onended = null;
      node.stop();
    };
    return { node, isHeard: true, end };
  };

element('microphone').onclick = () => listen(microphone);
element('recording').onclick = () => listen(samples(async () => (await fetch('speech.wav')).arrayBuffer()));
element<HTMLInputElement>('file').onchange = ({ target }) => {
  const input = target as HTMLInputElement;
  const [file] = input.files!;
  input.value = ''; // the same file can be chosen again
  if (file) void listen(samples(() => file.arrayBuffer()));
};
stopButton.onclick = () => stop();

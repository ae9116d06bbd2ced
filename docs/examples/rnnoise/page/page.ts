import { Chart } from './chart.ts';
import type { Heard, ProcessorOptions } from './processor.ts';

/** The rate that the network was trained at; the browser resamples what comes in. */
const RATE = 48_000;

const element = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;

const [state, removed, problem] = [element<HTMLOutputElement>('state'), element('removed'), element('problem')];
const [onSwitch, noiseSlider] = [element<HTMLInputElement>('on'), element<HTMLInputElement>('noise')];
const stopButton = element<HTMLButtonElement>('stop');
const chart = new Chart(element<HTMLCanvasElement>('chart'));

const compiled = WebAssembly.compileStreaming(fetch('rnnoise.wasm'));

/** Ends what is under way. */
let stop = async (): Promise<void> => {};

/** Where sound comes from: a node, and what ends it. Only some may be heard: a microphone beside a loudspeaker howls. */
interface Source {
  readonly node: AudioNode;
  readonly isHeard: boolean;
  end(): void;
}

async function run(open: (context: AudioContext) => Promise<Source>): Promise<void> {
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
    state.value = 'stopped';
    removed.textContent = '–';
  };
  stopButton.disabled = false;
  state.value = 'starting';
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
    const remover = new AudioWorkletNode(context, 'noise-remover', {
      channelCount: 1,
      channelCountMode: 'explicit',
      outputChannelCount: [1],
      processorOptions,
    });
    const tell = () => remover.port.postMessage(onSwitch.checked);
    onSwitch.addEventListener('change', tell);
    ends.push(() => onSwitch.removeEventListener('change', tell));
    tell();
    remover.port.onmessage = ({ data }: MessageEvent<Heard>) => show(data);
    ends.push(() => {
      remover.port.onmessage = null;
    });
    const noise = noiseIn(context);
    node.connect(remover);
    noise.connect(remover);
    remover.connect(new GainNode(context, { gain: isHeard ? 1 : 0 })).connect(context.destination);
    state.value = 'no voice';
  } catch (error) {
    if (context.state === 'closed') return;
    await stop();
    problem.textContent = explained(error);
  }
}

/** White noise that is added, as loud as the slider says. */
function noiseIn(context: AudioContext): AudioNode {
  const buffer = new AudioBuffer({ length: 4 * RATE, sampleRate: RATE });
  const samples = buffer.getChannelData(0);
  for (let i = 0; i < samples.length; i++) samples[i] = Math.random() - 0.5;
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  const amplitude = () => (noiseSlider.valueAsNumber === 0 ? 0 : 10 ** ((noiseSlider.valueAsNumber - 100) / 40));
  const gain = new GainNode(context, { gain: amplitude() });
  noiseSlider.oninput = () => gain.gain.setTargetAtTime(amplitude(), context.currentTime, 0.02);
  source.start();
  return source.connect(gain);
}

/** The mean of what is removed over the last half second, in dB. */
let average = 0;

function show(heard: Heard): void {
  chart.add(heard);
  const text = heard.vad >= 0.5 ? 'a voice' : 'no voice';
  if (state.value !== text) state.value = text; // a screen reader says it when it changes
  if (!(heard.before > 0)) return;
  average += (20 * Math.log10(heard.before / Math.max(heard.after, 1e-5)) - average) / 50;
  removed.textContent = onSwitch.checked ? `${average.toFixed(0)} dB removed` : 'nothing removed';
}

function explained(error: unknown): string {
  const { name, message } = error as DOMException;
  if (name === 'NotAllowedError') return 'The microphone may not be used. Allow it in the page’s permissions.';
  if (name === 'NotFoundError') return 'There is no microphone.';
  if (name === 'NotSupportedError') {
    return `This browser does not resample a microphone to ${RATE} Hz (${message}). The word and files work.`;
  }
  return message;
}

/** What a browser does to the microphone itself would come first. */
const RAW = { noiseSuppression: false, echoCancellation: false, autoGainControl: false };

const microphone = async (context: AudioContext): Promise<Source> => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: RAW });
  const end = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  return { node: context.createMediaStreamSource(stream), isHeard: element<HTMLInputElement>('aloud').checked, end };
};

const samples =
  (load: () => Promise<ArrayBuffer>, loop: boolean) =>
  async (context: AudioContext): Promise<Source> => {
    const buffer = await context.decodeAudioData(await load());
    const node = new AudioBufferSourceNode(context, { buffer, loop });
    node.onended = () => void stop();
    node.start();
    const end = () => {
      node.onended = null;
      node.stop();
    };
    return { node, isHeard: true, end };
  };

element('microphone').onclick = () => run(microphone);
element('word').onclick = () => run(samples(async () => (await fetch('speech.wav')).arrayBuffer(), true));
element<HTMLInputElement>('file').onchange = ({ target }) => {
  const input = target as HTMLInputElement;
  const [file] = input.files!;
  input.value = ''; // the same file can be chosen again
  if (file) void run(samples(() => file.arrayBuffer(), false));
};
stopButton.onclick = () => stop();

import riffUrl from '../data/riff.mp3?url';
import { openSound, type Sound } from './sound.ts';
import { spectrum } from './spectrum.ts';

const $ = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;

const play = $<HTMLButtonElement>('play');
const bypass = $<HTMLInputElement>('bypass');
const drive = $<HTMLInputElement>('drive');
const volume = $<HTMLInputElement>('volume');
const file = $<HTMLInputElement>('file');
const plot = spectrum($<HTMLCanvasElement>('spectrum'));

let sound: Promise<Sound> | undefined;
let recording: AudioBuffer | undefined;
let playing = false;
let frame = 0;

play.onclick = () => (playing ? stop() : start().catch(({ message }) => say(`Nothing can be played: ${message}`)));

async function start(): Promise<void> {
  sound ??= openSound();
  const { context, play, stop, measure, dry, wet } = await sound;
  stop();
  await context.resume();
  recording ??= await context.decodeAudioData(await (await fetch(riffUrl)).arrayBuffer());
  showDeadline(await measure(), context.sampleRate);
  await set();
  play(recording);
  show(true);
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(function draw() {
    plot.draw(dry, wet);
    if (playing) frame = requestAnimationFrame(draw);
  });
}

async function stop(): Promise<void> {
  (await sound)?.stop();
  show(false);
}

function show(now: boolean): void {
  playing = now;
  play.textContent = now ? 'Stop' : 'Play';
  say('');
}

/** Hands the controls' values on. */
async function set(): Promise<void> {
  for (const { id, value } of [drive, volume]) $(`${id}-value`).textContent = `${value.replace('-', '−')} dB`;
  const open = await sound;
  open?.setGain(drive.valueAsNumber, volume.valueAsNumber);
  open?.setBypass(bypass.checked);
}

for (const control of [bypass, drive, volume]) control.oninput = set;

file.onchange = async () => {
  const [chosen] = file.files ?? [];
  if (!chosen) return;
  sound ??= openSound();
  try {
    recording = await (await sound).context.decodeAudioData(await chosen.arrayBuffer());
    await start();
  } catch {
    say(`${chosen.name} is no recording that this browser decodes. Choose a WAV, MP3 or Ogg file.`);
  }
};

const say = (text: string): void => {
  $('message').textContent = text;
};

const microseconds = (milliseconds: number): string => `${Math.round(1000 * milliseconds).toLocaleString('en')} µs`;

/** How much of the time between two quanta the amplifier takes. */
function showDeadline(milliseconds: number, rate: number): void {
  const deadline = (1000 * 128) / rate;
  const share = milliseconds / deadline;
  $('share').textContent = `${(100 * share).toPrecision(2)} %`;
  $('time').textContent = `${microseconds(milliseconds)} of ${microseconds(deadline)}`;
  $('used').style.inlineSize = `${Math.min(100 * share, 100)}%`;
}

plot.clear();
new ResizeObserver(() => playing || plot.clear()).observe($('spectrum'));
matchMedia('(prefers-color-scheme: dark)').onchange = () => plot.clear();
void set();

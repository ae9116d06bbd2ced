import { ampNode } from './amp-node.ts';

/** A source and what is between it and the loudspeaker. */
export interface Sound {
  readonly context: AudioContext;
  /** What comes in, and what goes out. */
  readonly dry: AnalyserNode;
  readonly wet: AnalyserNode;
  /** Plays a recording again and again, in the place of the one before. */
  play(recording: AudioBuffer): void;
  stop(): void;
  /** In decibels: before the amplifier, and at the end. */
  setGain(drive: number, volume: number): void;
  setBypass(bypass: boolean): void;
  /** How long the amplifier takes for 128 samples, in milliseconds. */
  measure(): Promise<number>;
}

/** Opens the device at the rate that the model was trained for. */
export async function openSound(): Promise<Sound> {
  const context = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' });
  const amp = await ampNode(context);
  const gain = () => new GainNode(context);
  const analyser = () => new AnalyserNode(context, { fftSize: 8192 });
  const [drive, on, off, volume, dry, wet] = [gain(), gain(), gain(), gain(), analyser(), analyser()];
  drive.connect(dry).connect(amp).connect(on).connect(wet);
  drive.connect(off).connect(wet);
  wet.connect(volume).connect(context.destination);
  const set = ({ gain }: GainNode, value: number) => gain.setTargetAtTime(value, context.currentTime, 0.01);
  let source: AudioBufferSourceNode | undefined;
  const stop = () => {
    source?.stop();
    source = undefined;
  };
  return {
    context,
    dry,
    wet,
    play(recording) {
      stop();
      source = new AudioBufferSourceNode(context, { buffer: recording, loop: true });
      source.connect(drive);
      source.start();
    },
    stop,
    setGain(decibelsIn, decibelsOut) {
      set(drive, 10 ** (decibelsIn / 20));
      set(volume, 10 ** (decibelsOut / 20));
    },
    setBypass(bypass) {
      set(on, bypass ? 0 : 1);
      set(off, bypass ? 1 : 0);
    },
    measure: () =>
      new Promise((resolve) => {
        amp.port.onmessage = ({ data }) => resolve(data);
        amp.port.postMessage('measure');
      }),
  };
}

import ampUrl from '../dist/exported/amp.wasm?url';
import processorUrl from './processor.ts?worker&url';

/** The amplifier as a node of any context, live or offline. */
export async function ampNode(context: BaseAudioContext): Promise<AudioWorkletNode> {
  const [module] = await Promise.all([
    fetch(ampUrl).then((response) => response.arrayBuffer()),
    context.audioWorklet.addModule(processorUrl),
  ]);
  return new AudioWorkletNode(context, 'amp', {
    channelCount: 1,
    channelCountMode: 'explicit',
    outputChannelCount: [1],
    processorOptions: { module },
  });
}

/// <reference lib="dom" />

/** What a processor, registered by a module as `name`, makes of samples, and in how many milliseconds. */
export async function rendered(
  samples: Float32Array<ArrayBuffer>,
  rate: number,
  processor: { readonly module: string; readonly name: string; readonly processorOptions: object },
): Promise<{ readonly output: Float32Array; readonly milliseconds: number }> {
  const context = new OfflineAudioContext(1, samples.length, rate);
  await context.audioWorklet.addModule(processor.module);
  const { name, processorOptions } = processor;
  const node = new AudioWorkletNode(context, name, { outputChannelCount: [1], processorOptions });
  const failed = new Promise<never>((_, reject) => {
    node.onprocessorerror = (event) => reject(new Error(`the processor failed: ${(event as ErrorEvent).message}`));
  });
  const buffer = context.createBuffer(1, samples.length, rate);
  buffer.copyToChannel(samples, 0);
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(node).connect(context.destination);
  source.start();
  const start = performance.now();
  const output = (await Promise.race([context.startRendering(), failed])).getChannelData(0);
  return { output, milliseconds: performance.now() - start };
}

export const addProcessor = (context) => context.audioWorklet.addModule(new URL('./processor.js', import.meta.url));

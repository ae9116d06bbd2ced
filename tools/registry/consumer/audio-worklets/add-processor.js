export const addProcessor = (context) => context.audioWorklet.addModule('./processor.js');

import url from './processor.js?worker&url';

export const addProcessor = (context) => context.audioWorklet.addModule(url);

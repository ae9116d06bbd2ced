export default {
  entry: './page.js',
  module: { parser: { javascript: { worker: ['*context.audioWorklet.addModule()', '...'] } } },
};

// Everything in one file, gpu.js too, for pages without a bundler.
export * from './index.ts';

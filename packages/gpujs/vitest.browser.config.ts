import { mergeConfig } from 'vitest/config';
import { browserProject } from '../../tools/testing/browser.ts';
import { minified } from './test/minified.ts';

/** SwiftShader emulates a GPU, for WebGL and for WebGPU. */
const flags = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader'];

export default mergeConfig(browserProject('gpujs', flags), {
  optimizeDeps: { include: ['gpu.js/dist/gpu-browser.js'], exclude: ['webgpu'] },
  plugins: [minified()],
});

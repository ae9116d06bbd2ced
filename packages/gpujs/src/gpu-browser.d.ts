declare module 'gpu.js/dist/gpu-browser.js' {
  const gpuJs: unknown;
  export default gpuJs;
}

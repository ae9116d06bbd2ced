/** The wrapper that `congruent export` writes; its own types are as these. */
export declare function create(module: WebAssembly.Module): { step(features: Float32Array): Float32Array };

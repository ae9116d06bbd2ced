/** The wrapper that `congruent export` writes; its own types are as these. */
export declare const inputSize: number;
export declare function create(module: WebAssembly.Module): { step(x: Float32Array): Float32Array };

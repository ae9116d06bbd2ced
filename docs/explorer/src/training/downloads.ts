import { compile, type ExportedModel, layoutsOf, signatureOf } from '@congruent/codegen';
import { headerOf } from '@congruent/native/header';
import { layersIn, type StateDict, writeSafetensors } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import exportWasm, { standalone } from '@congruent/wasm/export';
import { assemble } from '../assemble/assemble.ts';
import type { Widths } from './network.ts';

/** A network after training. */
export interface Trained {
  /** Of files and functions: a C identifier. */
  readonly name: string;
  readonly network: Cell;
  readonly widths: Widths;
  readonly parameters: StateDict;
  /** What it is, in lines. */
  readonly about: readonly string[];
}

export type Format = 'safetensors' | 'wasm' | 'h' | 'js';

/** A file to be taken away. */
export interface Download {
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  readonly contents: string | Uint8Array<ArrayBuffer>;
}

/** A trained network as a file. All that run have the results of the page's layers, bit for bit. */
export function downloadOf(format: Format, trained: Trained): Download {
  const { name, about, parameters, widths } = trained;
  const file = (type: string, contents: Download['contents']): Download => ({
    name: `${name}.${format}`,
    type,
    contents,
  });
  switch (format) {
    case 'safetensors':
      return file('application/octet-stream', writeSafetensors(parameters, { about: about.join('\n') }));
    case 'wasm':
      return file('application/wasm', moduleOf(trained));
    case 'js':
      return file('text/javascript', standalone(name, about, widths, base64Of(moduleOf(trained))));
    case 'h':
      return file('text/x-c', headerOf(modelOf(trained)).text);
    default:
      return format satisfies never;
  }
}

const moduleOf = (trained: Trained): Uint8Array<ArrayBuffer> => {
  const { files } = exportWasm.export(modelOf(trained), { simd: true, training: false }, assemble);
  return Uint8Array.from(files[0]!.contents as Uint8Array);
};

/** The network's sizes are all numbers, and none is left to be named. */
const ONE_LAYER = { dimensions: {}, numLayers: 1, bidirectional: false, bias: true };

/** As exporters take it: parameters by the names of the kernels' tensors. */
function modelOf({ name, network, parameters, about }: Trained): ExportedModel {
  const program = compile(network);
  const signature = signatureOf(program);
  const [layer] = layersIn(parameters, signature, layoutsOf(network), ONE_LAYER);
  const tensors = network.tensors.map((tensor) => [tensor.name, layer!.tensors[tensor.name] as Float32Array] as const);
  return { name, program, tensors: new Map(tensors), header: about };
}

const base64Of = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

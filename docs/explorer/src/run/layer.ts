import { compile, encodeBytes, layoutsOf, type Program, signatureOf } from '@congruent/codegen';
import type { LayerClass, OwnNames } from '@congruent/runtime';
import type { Cell } from '@congruent/spec';
import { layerClass, type Modules } from '@congruent/wasm/define';
import { kernelsFor } from '@congruent/wasm/emitter';
import { assemble } from '../assemble/assemble.ts';

/** The class of the layers of a cell whose names are known only as the page runs. */
export type AnyLayerClass = LayerClass<OwnNames, 'sync'>;

/**
 * The class of the layers of a cell in WebAssembly, made in this page: what @congruent/cli would generate of it, but
 * without files. A module is emitted and assembled when a layer first asks for it, so that `create` takes some milliseconds
 * more the first time; `createSync` cannot wait for that.
 */
export function layersOf(cell: Cell): AnyLayerClass {
  const program = compile(cell);
  const generated = {
    signature: signatureOf(program),
    layouts: layoutsOf(cell),
    inference: modulesFor(program, 'inference'),
    training: modulesFor(program, 'training'),
  };
  return layerClass<OwnNames>(generated, cell.name);
}

/** The modules of a program for one use. */
function modulesFor(program: Program, use: 'inference' | 'training'): Modules {
  const module = (dtype: 'float32' | 'float64', relaxed: boolean) => async () => ({
    bytes: encodeBytes(assemble(kernelsFor(program, { dtype, relaxed })[use]())),
  });
  return {
    float32: module('float32', false),
    float64: module('float64', false),
    'float32.relaxed': module('float32', true),
    'float64.relaxed': module('float64', true),
  };
}

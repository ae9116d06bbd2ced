import { assemble, encode } from '@congruent/cli';
import { compile, layoutsOf, signatureOf } from '@congruent/codegen';
import type { Cell } from '@congruent/spec';
import { type LayerClass, layerClass } from '@congruent/wasm/define';
import emitter from '@congruent/wasm/emitter';
import type { NetworkNames } from '../../src/training/trainer.ts';

/** The class of a network's layers. */
export function layersOf(network: Cell): LayerClass<NetworkNames> {
  const program = compile(network);
  const files = emitter.emit(program);
  const bytes = (suffix: string): string => {
    const file = files.find(({ path }) => path === `${network.name}.${suffix}`);
    if (file?.kind !== 'webassembly') throw new Error(`no ${suffix}`);
    return encode(assemble(file.module));
  };
  const modules = (text: string) => ({
    float32: text,
    float64: text,
    'float32.relaxed': text,
    'float64.relaxed': text,
  });
  return layerClass(
    {
      signature: signatureOf(program) as never,
      layouts: layoutsOf(network),
      inference: modules(bytes('float32')),
      training: modules(bytes('float32.training')),
    },
    'Network',
  );
}

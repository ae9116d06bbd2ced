import type { Exporter } from '@congruent/codegen';
import { CongruentError } from '@congruent/runtime';
import { codeSizes } from './code-size.ts';
import { headerOf } from './header.ts';
import { bytesOf, type Struct } from './part.ts';
import { trainingOf } from './training.ts';

/** A model as one header of C99, and what memory it takes. */
const exporter: Exporter = {
  target: 'c',
  export(model, { simd, training }) {
    if (!simd) {
      const problem = '--no-simd: a model in C is for any processor, and names no vectors';
      throw new CongruentError('EXPORT_OPTION', `${problem}. Leave it out, or use --target wasm.`);
    }
    const { text, structs } = headerOf(model, training ? trainingOf : undefined);
    const path = `${model.name}.h`;
    const weights = structs.find(({ name }) => name === `${model.name}_weights`);
    const constants = [weights?.name, `${model.name}_initial_states`];
    const kindOf = ({ name }: Struct): string => (constants.includes(name) ? 'constants' : 'RAM');
    const memory = structs.map((struct) => `${struct.name}: ${bytesOf(struct)} bytes of ${kindOf(struct)}`);
    return {
      files: [{ path, contents: text }],
      notes: [...memory, ...codeSizes(path, text, model.name, weights ? bytesOf(weights) : 0)],
    };
  },
};

export default exporter;

import type { ExportedModel, Exporter } from '@congruent/codegen';
import { CongruentError } from '@congruent/runtime';
import { codeSizes } from './code-size.ts';
import { headerOf } from './header.ts';
import { bytesOf, type Struct } from './part.ts';
import { trainingOf } from './training.ts';

/** Numbers in a header; of each up to 18 characters, they are more than half of what a string of JavaScript holds. */
const MOST_NUMBERS = 2 ** 24;

/** A model as one header of C99, and what memory it takes. */
const exporter: Exporter = {
  target: 'c',
  export(model, { simd, training }) {
    if (!simd) {
      const problem = '--no-simd: a model in C is for any processor, and names no vectors';
      throw new CongruentError('EXPORT_OPTION', `${problem}. Leave it out, or use --target wasm.`);
    }
    checkSize(model, training);
    const { text, structs } = headerOf(model, training ? trainingOf : undefined);
    const path = `${model.name}.h`;
    const weights = structs.find(({ name }) => name === `${model.name}_weights`);
    const constants = [weights?.name, `${model.name}_initial_states`];
    const kindOf = ({ name }: Struct): string => (constants.includes(name) ? 'constants' : 'RAM');
    const memory = structs.map((struct) => `${struct.name}: ${bytesOf(struct)} bytes of ${kindOf(struct)}`);
    return {
      files: [{ path, contents: text }],
      notes: [...memory, ...codeSizes(path, text, model.name)],
    };
  },
};

/** With the backward step the weights are there as the step reads them, and as a state dict has them. */
function checkSize({ name, tensors }: ExportedModel, training: boolean): void {
  const most = training ? MOST_NUMBERS / 2 : MOST_NUMBERS;
  const given = [...tensors.values()].reduce((sum, { length }) => sum + length, 0);
  if (given <= most) return;
  const problem = `${name} has ${given} weights, and a header of C${training ? ' with --training' : ''} holds ${most}`;
  throw new CongruentError('EXPORT_SIZE', `${problem}. Use a smaller model, or --target wasm.`);
}

export default exporter;

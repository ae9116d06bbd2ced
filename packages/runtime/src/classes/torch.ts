import type { Backend } from '../backend/backend.ts';
import type { Mode } from '../backend/engine.ts';
import type { Rules } from '../options/option-rules.ts';
import { torchRules } from '../options/torch-options.ts';
import { single } from '../sequences/form.ts';
import type { Definition } from './definition.ts';

/** The definition of a class of torch's, whose cells name their dimensions I and H, or I, P and H. */
export const torchClass = <M extends Mode, B>(
  name: string,
  more: Rules,
  backend: Backend<M, B>,
  cell: Definition<M, B>['cell'] = () => backend,
): Definition<M, B> => ({
  name,
  rules: { ...torchRules(), ...more },
  backend,
  form: () => single,
  cell,
  sizes(_, options) {
    const { inputSize: I, hiddenSize: H, projSize: P, bias } = options as unknown as TorchSizes;
    return { dimensions: P ? { I, P, H } : { I, H }, bias, width: H };
  },
  options: ({ I, H, P }) => ({ inputSize: I, hiddenSize: H, projSize: P }),
});

interface TorchSizes {
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** Of an LSTM. */
  readonly projSize?: number;
  readonly bias: boolean;
}

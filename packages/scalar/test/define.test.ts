import { generatedClassIsTheSame, type RnnNames } from '../../../tools/testing/generated-class.ts';
import { cellClass, layerClass } from '../src/define.ts';
import * as generated from '../src/generated/rnn_tanh.ts';
import { RNN } from '../src/index.ts';

generatedClassIsTheSame(RNN, () => ({
  Own: layerClass<RnnNames>(generated, 'Own'),
  OwnCell: cellClass<RnnNames>(generated, 'OwnCell'),
}));

import { readModel } from '@congruent/models';
import { tensor } from '@congruent/runtime';
import { GRU } from '@congruent/scalar';
import { Averages } from './generated/scalar/averages.js';
import { MinGru, MinGruCell } from './generated/scalar/min_gru.js';

const layer: MinGru = await MinGru.create({ sizes: { I: 3, H: 5 }, numLayers: 2 });
export const hn: readonly number[] = layer.forward(tensor(new Float32Array(6), [2, 1, 3])).hn.shape;

const cell: MinGruCell | null = MinGruCell.createSync({ sizes: { I: 3, H: 5 } });
export const h1: readonly number[] = cell.forward(tensor([1, 2, 3])).shape;

export const averages: Averages = Averages.createSync({ sizes: { I: 2, O: 1 } });
const { fast0, slow0 } = averages.vjp(tensor([1, 2], [1, 1, 2])).pullback({ fastn: tensor([1, 1], [1, 1, 2]) });
export const states: readonly (readonly number[])[] = [fast0.shape, slow0.shape];

// @ts-expect-error There is no size G.
MinGru.createSync({ sizes: { I: 3, G: 5 } });
// @ts-expect-error A cell has no layers.
MinGruCell.createSync({ sizes: { I: 3, H: 5 }, numLayers: 2 });

// What a model file gives is what a class takes.
const [found] = (await readModel(new Uint8Array())).layers;
export const gru: GRU = await GRU.create(found!.options);
gru.loadStateDict(found!.parameters);

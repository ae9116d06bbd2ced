import { gru, lstm, type PackedTensor } from '@congruent/spec';
import { expect, test } from 'vitest';
import { GATES } from '../src/layers/gates.ts';

const CELLS = { GRU: gru, LSTM: lstm };

/** The last letters of the names of a tensor's parameters, as its layout has them. */
function gatesOf({ packing }: PackedTensor): string {
  const of = packing.kind === 'transposed' ? packing.operand : packing;
  if (of.kind === 'block') return of.name.at(-1)!;
  return of.kind === 'rows' || of.kind === 'columns'
    ? of.parts.map((part) => (part.kind === 'block' ? part.name.at(-1)! : '')).join('')
    : '';
}

for (const [kind, cell] of Object.entries(CELLS)) {
  for (const { name, tensors } of cell.layouts) {
    test(`${kind}: gates lie in ${name}'s files as the cell's layout says`, () => {
      expect(GATES[kind as keyof typeof CELLS][name as 'torch']).toBe(gatesOf(tensors[0]!));
    });
  }
}

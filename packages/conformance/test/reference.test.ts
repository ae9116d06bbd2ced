import { defineLayer, tensor } from '@congruent/runtime';
import { cell } from '@congruent/spec';
import { expect, test } from 'vitest';
import { type Check, conformance, referenceBackend, referenceModule } from '../src/index.ts';

// What the interpreter gives for the large sizes, and that it is right, is in sizes.test.ts.
const select = ({ group }: Check): boolean => group !== 'sizes';

conformance({ test, factory: () => referenceModule(), select });

test("a cell of one's own has state dicts in its layouts", () => {
  const sum = cell`
    sum(x[2], h[1]) -> h'
    h' = W @ x + V @ h
    layout stored
      weight = [W | V]^T
  `;
  // biome-ignore lint/suspicious/noExplicitAny: the names of the cell are of no interest to the types here
  const Sum: any = defineLayer(referenceBackend({ cell: sum }), 'Sum');
  const layer = Sum.createSync();
  layer.loadStateDict({ weight_l0: tensor([2, 3, 5], [3, 1]) });
  expect(Object.keys(layer.stateDict())).toEqual(['weight_l0']);
  expect([...layer.forward(tensor([1, 10, 100, 1000], [2, 2])).output.data]).toEqual([32, 3200 + 160]);
});

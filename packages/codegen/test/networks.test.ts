import { type Cell, cell, gru } from '@congruent/spec';
import { convolution, convolutional, linear, twoGrus } from '@congruent/spec/catalogue';
import { describe, expect, test } from 'vitest';
import {
  compile,
  type Environment,
  float32,
  interpreter,
  printLatex,
  printSchedule,
  type Schedule,
  signatureOf,
} from '../src/index.ts';
import { mapValues, numbers, valuesFor } from './values.ts';

const LENGTHS = { I: 3, H: 70, G: 5, O: 2 };

/** Numbers of float32. */
const draw = (of: Cell, seed: number) => {
  const { parameters, operands } = valuesFor(of, LENGTHS, numbers(seed));
  return { parameters: mapValues(parameters, Math.fround), operands: mapValues(operands, Math.fround) };
};

/** What belongs to an instance, by the names that it has in its own cell. */
const within = (instance: string, values: Environment<number>): Environment<number> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      name.startsWith(`${instance}.`) ? [[name.slice(instance.length + 1), value] as const] : [],
    ),
  );

/** A cell on its own, with the parameters and the states of an instance in a network. */
function alone(instance: string, of: Cell, parameters: Environment<number>, initial: Environment<number>) {
  const { forward } = interpreter(compile(of), float32, within(instance, parameters));
  let states = within(instance, initial);
  return (input: Environment<number>[string]): Environment<number>[string] => {
    const step = forward({ [of.inputs[0]!.name]: input, ...states });
    states = step.states;
    return step.outputs[of.outputs[0]!.name]!;
  };
}

/** What happens at each step, phase by phase: the kind, and every product. */
const productsOf = ({ phases }: Schedule): readonly string[] =>
  phases.flatMap(({ kind, stages }) =>
    stages.flatMap((stage) =>
      stage.kind === 'contract' ? [`${kind}: ${stage.definitions.map(({ name }) => name).join(' ')}`] : [],
    ),
  );

describe('a network of called cells', () => {
  test('has the bits of its cells run one after the other, at every step', () => {
    const { parameters, operands } = draw(twoGrus, 1);
    const network = interpreter(compile(twoGrus), float32, parameters);
    const g1 = alone('g1', gru, parameters, operands);
    const g2 = alone('g2', gru, parameters, operands);
    const fc = alone('fc', linear, parameters, operands);
    let states: Environment<number> = operands;
    for (let t = 0; t < 4; t++) {
      const { x } = draw(twoGrus, 10 + t).operands as { x: readonly number[] };
      const step = network.forward({ ...states, x });
      expect(step.outputs['fc']).toEqual(fc(g2(g1(x))));
      states = step.states;
    }
  });

  test('sums a called cell up as that cell does on its own, whatever its operands are', () => {
    const network = cell`
      network(x[I], h[I]) -> y, h'
      h'   = tanh(x + h)
      y[O] = ${cell`swapped(x[I], m[I]) -> y
        y[O] = W @ x + b + V @ m + c
        layout plain
          W = [W]   V = [V]   b = [b; c]`}(h', x)
    `;
    const printed = printSchedule(compile(network).forward);
    expect(printed).toContain("h_next_y = y.W @ h' + b_y");
    expect(printed).toContain('y = h_next_y + x_y');
  });

  test('sums up what is an output of parameters alone as the called cell does, of which it is none here', () => {
    const shifted = cell`shifted(x[I], h[H]) -> y, h'
      y  = sigmoid(a)
      h' = tanh(W @ x + y + U @ h + b + y)
      layout plain
        a = [a]   b = [b]   W = [W]   U = [U]`;
    const network = cell`
      network(x[I]) -> z
      s[H] = ${shifted}(x)
      z = s * x_0
      layout plain
        x_0 = [x_0]
    `;
    const { parameters, operands } = draw(network, 3);
    const own = interpreter(compile(shifted), float32, within('s', parameters));
    const whole = interpreter(compile(network), float32, parameters);
    const { x } = operands as { x: readonly number[] };
    expect(within('s', whole.forward(operands).states)).toEqual(own.forward({ x, ...within('s', operands) }).states);
  });

  test('gives no adjoint to what nothing reads of a called cell', () => {
    const several = cell`several(x[I], h[H]) -> y, z, h'
      y    = tanh(b)
      h'   = tanh(W @ x + U @ h + y)
      z[O] = V @ [y; h']
      layout plain
        b = [b]   U = [U]   V = [V]   W = [W]`;
    const network = cell`
      network(x[I]) -> out
      s[H] = ${several}(x)
      out  = s * a
      layout plain
        a = [a]
    `;
    const { adjoint } = compile(network);
    expect([...adjoint.origins.values()]).not.toContain('s.z');
  });

  test('has the products of a cell over all rows wherever no step waits for them', () => {
    expect(productsOf(compile(twoGrus).forward)).toEqual([
      'rows: g1.x_r g1.x_z g1.x_n',
      'steps: g1.h_r g1.h_z g1.h_n',
      'rows: g2.h_next_r g2.h_next_z g2.h_next_n',
      'steps: g2.h_r g2.h_z g2.h_n',
      'rows: fc',
    ]);
  });

  test('of convolutions in front of a recurrence has the bits of its cells, too', () => {
    const { parameters, operands } = draw(convolutional, 2);
    const network = interpreter(compile(convolutional), float32, parameters);
    const c1 = alone('c1', convolution, parameters, operands);
    const c2 = alone('c2', convolution, parameters, operands);
    const g = alone('g', gru, parameters, operands);
    let states: Environment<number> = operands;
    for (let t = 0; t < 4; t++) {
      const { x } = draw(convolutional, 20 + t).operands as { x: readonly number[] };
      const step = network.forward({ ...states, x });
      expect(step.outputs['g']).toEqual(g(c2(c1(x))));
      states = step.states;
    }
  });

  test('says of its tensors which belong to no state', () => {
    const { states, parameters } = signatureOf(compile(twoGrus));
    expect(states.map(({ name }) => name)).toEqual(['g1.h', 'g2.h']);
    const recurrent = Object.entries(parameters).map(([name, tensor]) => [name, tensor.recurrent]);
    expect(Object.fromEntries(recurrent)).toEqual({
      'g1.weight_ih': undefined,
      'g1.weight_hh': undefined,
      'g1.bias_ih': undefined,
      'g1.bias_hh': undefined,
      'g2.weight_ih': undefined,
      'g2.weight_hh': undefined,
      'g2.bias_ih': undefined,
      'g2.bias_hh': undefined,
      'fc.weight': false,
      'fc.bias': false,
    });
    expect(signatureOf(compile(linear)).parameters['weight']).not.toHaveProperty('recurrent');
  });

  test('has the instance above each symbol in LaTeX', () => {
    const lines = printLatex(compile(twoGrus).ir).split('\n');
    expect(lines.at(-2)).toBe('  fc_t &= W^{(\\mathrm{fc})} h_t^{(\\mathrm{g2})} + b^{(\\mathrm{fc})}');
  });
});

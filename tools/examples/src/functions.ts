import { readFile } from 'node:fs/promises';
import { compile, type DType, type FunctionIr, float32, float64, interpretFunction } from '@congruent/codegen';
import { gru } from '@congruent/spec';
import { transformWithOxc } from 'vite';
import { exactly } from './exactly.ts';
import { type Place, writeTable } from './table.ts';

/** A function of the specification as a backend's generated code has it, and as an oracle has it in float64. */
interface Measured {
  readonly name: string;
  readonly generated: (x: number) => number;
  readonly oracle: (x: number) => number;
}

/** The largest error found, in units in the last place of the true value, and where. */
export interface Worst {
  readonly error: number;
  readonly at: number;
}

// Math.exp and Math.tanh are within an ulp of float64, which is 2^-29 of one of float32.
const ORACLES: Readonly<Record<string, (x: number) => number>> = {
  sigmoid: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  tanh: Math.tanh,
};

const functionsOf = (dtype: DType): readonly FunctionIr[] => compile(gru).functions[dtype];

/** Where the table stands. */
export const place: Place = { document: 'docs/numerics.md', name: 'functions' };

/** Measures each function over all float32 numbers and over many float64 numbers, and rewrites the table. */
export async function main([samples = '1000000']: readonly string[]): Promise<void> {
  const row = (name: string, dtype: DType, inputs: string, { error, at }: Worst): string[] => [
    name,
    dtype,
    inputs,
    error.toFixed(3),
    `${at}`,
  ];
  const measured = (await generatedFunctions()).map((each) => row(each.name, 'float32', 'all', worstOfAll(each)));
  const sampled = functionsOf('float64').map((called) =>
    row(called.name, 'float64', `${samples} random`, worstFloat64(called, Number(samples))),
  );
  writeTable(place, [['function', 'type', 'inputs', 'largest error in ulp', 'at'], ...measured, ...sampled]);
}

/** The functions that scalar's generated file keeps to itself. */
async function generatedFunctions(): Promise<readonly Measured[]> {
  const file = new URL('../../../packages/scalar/src/generated/gru.float32.ts', import.meta.url);
  const { code } = await transformWithOxc(await readFile(file, 'utf8'), 'gru.float32.ts');
  const functions = functionsOf('float32');
  const source = `${code}\nexport { ${functions.map(({ name }) => name).join(', ')} };`;
  const module = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  return functions.map(({ name }) => ({ name, generated: module[name], oracle: ORACLES[name]! }));
}

const bits = new Uint32Array(2);
const single = new Float32Array(bits.buffer, 0, 1);
const double = new Float64Array(bits.buffer);

/** 1 / ulp of float32 by the biased exponent of a float64. */
const PER_ULP = Float64Array.from({ length: 2048 }, (_, exponent) => 2 ** (23 - Math.max(exponent - 1023, -126)));

/** In units in the last place of float32 at the true value; zero and subnormals have those of the smallest normal. */
function errorOf(value: number, exact: number): number {
  double[0] = exact;
  return Math.abs(value - exact) * PER_ULP[(bits[1]! >>> 20) & 2047]!;
}

/** Over every `stride`-th pattern of float32 bits; NaNs must give NaN. */
function worstOfAll({ name, generated, oracle }: Measured, stride = 1): Worst {
  let [error, at] = [0, 0];
  for (let pattern = 0; pattern < 2 ** 32; pattern += stride) {
    bits[0] = pattern;
    const x = single[0]!;
    const value = generated(x);
    if (Number.isNaN(x)) {
      if (!Number.isNaN(value)) throw new Error(`${name}(NaN) is ${value}`);
      continue;
    }
    const found = errorOf(value, oracle(x));
    if (!(found <= error)) [error, at] = [found, x];
  }
  return { error, at };
}

/** As the interpreter evaluates a function in float32, over every `stride`-th pattern of bits. */
export const worstFloat32 = (called: FunctionIr, stride: number): Worst =>
  worstOfAll(
    {
      name: called.name,
      generated: (x) => interpretFunction(called, float32, x),
      oracle: ORACLES[called.name]!,
    },
    stride,
  );

/** As the interpreter evaluates a function in float64, over numbers of all magnitudes; the oracle is exact. */
export function worstFloat64(called: FunctionIr, samples: number): Worst {
  let [error, at] = [0, 0];
  let state = 1;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' linear congruential generator
    return state / 2 ** 32;
  };
  for (let sample = 0; sample < samples; sample++) {
    const magnitude = sample % 2 === 0 ? 40 * random() : 2 ** (1084 * random() - 1074);
    const x = random() < 0.5 ? magnitude : -magnitude;
    const found = exactly(called.name, x, interpretFunction(called, float64, x));
    if (!(found <= error)) [error, at] = [found, x];
  }
  return { error, at };
}

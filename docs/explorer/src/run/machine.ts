import { compile, type Program, signatureOf } from '@congruent/codegen';
import { referenceBackend } from '@congruent/conformance';
import { type CellSignature, defineLayer, type OwnNames, widthOf } from '@congruent/runtime';
import { type Cell, gru, gruResetBefore, lstm, lstmProjected, rnnRelu, rnnTanh } from '@congruent/spec';
import { cellOfText } from '../cell-of-text.ts';
import { type AnyLayerClass, layersOf } from './layer.ts';
import type { Opened, Setup, Stepped } from './protocol.ts';
import { Runner } from './runner.ts';
import { scalarLayers } from './scalar-layers.ts';
import { withUsual } from './sizes.ts';
import { traced } from './traced.ts';

/** What computes a cell, and how it is called. */
interface Contender {
  readonly name: string;
  readonly about: string;
  /** Steps with as many values as it can show. */
  readonly shown: Runner;
  /** The cell as it was typed, for measurements. */
  readonly plain: Runner;
}

const CLASSES = [gru, gruResetBefore, lstm, lstmProjected, rnnTanh, rnnRelu];

/** A cell that runs in WebAssembly, with others that compute the same beside it. */
export class Machine {
  readonly opened: Opened;
  private readonly contenders: readonly Contender[];

  private constructor(opened: Opened, contenders: readonly Contender[]) {
    this.opened = opened;
    this.contenders = contenders;
  }

  /** @throws SpecError, CongruentError where the text is no cell, or no layer has such sizes */
  static async open({ text, sizes: given, seed }: Setup): Promise<Machine> {
    const program = compile(cellOfText(text));
    const trace = traced(program);
    const sizes = withUsual(signatureOf(program), given);
    const contenders = await contendersFor(program, trace, sizes, seed);
    const value = (of: { readonly name: string; readonly shape: readonly (string | number)[] }) => ({
      name: of.name,
      width: widthOf(of, sizes),
      comment: program.ir.definitions.find(({ name }) => name === of.name)?.comment,
    });
    const opened = {
      sizes,
      inputs: trace.inputs.map(value),
      values: trace.outputs.map(value),
      runners: contenders.map(({ name, about }) => ({ name, about })),
    };
    return new Machine(opened, contenders);
  }

  step(steps: number, inputs: readonly Float32Array[]): Stepped {
    const { values, inputs: taking } = this.opened;
    const rows = values.map(({ width }) => new Float32Array(steps * width));
    const compared = this.contenders.slice(1).map(() => ({ numbers: 0, different: 0 }));
    for (let t = 0; t < steps; t++) {
      const x = taking.map(({ width }, i) => inputs[i]!.slice(t * width, (t + 1) * width));
      const [first, ...besides] = this.contenders.map(({ shown }) => shown.step(x));
      for (const [i, { name, width }] of values.entries()) rows[i]!.set(first!.get(name)!, t * width);
      for (const [i, beside] of besides.entries()) {
        for (const [name, theirs] of beside) {
          const ours = first!.get(name)!;
          compared[i]!.numbers += ours.length;
          // Unlike ===, this tells −0 from +0, and finds NaN equal to itself.
          for (let unit = 0; unit < ours.length; unit++) {
            if (!Object.is(ours[unit], theirs[unit])) compared[i]!.different++;
          }
        }
      }
    }
    return { values: rows, compared };
  }

  reset(): void {
    for (const { shown } of this.contenders) shown.reset();
  }

  /** Steps in a second, of each. */
  measure(): readonly number[] {
    return this.contenders.map(({ plain }) => plain.stepsPerSecond());
  }

  dispose(): void {
    for (const { shown, plain } of this.contenders) {
      shown.dispose();
      if (plain !== shown) plain.dispose();
    }
  }
}

async function contendersFor(
  program: Program,
  trace: Cell,
  sizes: Readonly<Record<string, number>>,
  seed: number,
): Promise<readonly Contender[]> {
  const { cell } = program;
  const [own, ofTrace] = [signatureOf(program), signatureOf(compile(trace))];
  const wasm = await Runner.open(layersOf(cell), own, sizes, seed);
  const { parameters } = wasm;
  const open = (Layer: AnyLayerClass, signature: CellSignature) => Runner.open(Layer, signature, sizes, parameters);
  const interpreted = (of: Cell): AnyLayerClass =>
    defineLayer<OwnNames, 'sync'>(referenceBackend({ cell: of }), of.name);
  const contenders: Contender[] = [
    {
      name: 'WebAssembly',
      about: '128-bit SIMD, made in this page from the text',
      shown: await open(layersOf(trace), ofTrace),
      plain: wasm,
    },
    {
      name: 'The reference interpreter',
      about: 'one number at a time, in JavaScript; every equation',
      shown: await open(interpreted(trace), ofTrace),
      plain: await open(interpreted(cell), own),
    },
  ];
  if (CLASSES.some(({ source }) => source === cell.source)) {
    const scalar = await open(await scalarLayers(cell.name), own);
    const about = 'generated TypeScript, as published; states and outputs';
    contenders.push({ name: '@congruent/scalar', about, shown: scalar, plain: scalar });
  }
  return contenders;
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor } from '@congruent/runtime';
import type { Printed } from './recorded-cases.ts';

/** What `congruent inspect` prints to run a layer. */
export interface PrintedLines {
  /** The layer. */
  readonly name: string;
  /** The numbers of others that the same lines run, as they are printed. */
  readonly others: string;
  /** What is to be run before, where the layer has equations of its own. */
  readonly command: string | undefined;
  readonly code: string;
}

/** The lines in what `congruent inspect` prints. */
export function printedLines(printed: string): readonly PrintedLines[] {
  const [, ...parts] = printed.split(/^to run (?=.*:$)/m);
  return parts.map((part) => {
    const [title, ...lines] = part.split('\n');
    const code = lines.filter((line) => line.startsWith('  ') || line === '').map((line) => line.slice(2));
    const command = code.find((line) => line.startsWith('npx '));
    const others = /^the same lines, with their names and sizes, run the layers? (.*)$/m.exec(part)?.[1] ?? '';
    return { name: title!.slice(0, -1), others, command, code: code.filter((line) => line !== command).join('\n') };
  });
}

/** Modules that the lines import. */
export type Modules = Readonly<Record<string, () => Promise<object>>>;

/**
 * Runs lines, with an input and states for those that are printed.
 *
 * @returns what they end with: `output`, or for a single step `h1`
 */
export async function runLines(
  code: string,
  folder: string,
  modules: Modules,
  input: Printed,
  states: readonly Printed[],
): Promise<Tensor> {
  const given =
    states.length === 0 ? code : code.replace(/(\.forward\(.*?)(, layer\.initialStates)?\);$/m, '$1, states);');
  const body = given
    .replace(/^import (\{.*\}) from '(.*)';$/gm, "const $1 = await load('$2');")
    .replace(/^const input = .*$/m, 'const input = given;');
  const load = (specifier: string): Promise<object> => {
    const path = join(folder, specifier);
    return specifier.startsWith('.') && existsSync(path) ? import(/* @vite-ignore */ path) : modules[specifier]!();
  };
  const end = "return typeof output === 'undefined' ? h1 : output;";
  const run = new AsyncFunction('load', 'given', 'states', `${body}\n${end}`);
  const [first, ...others] = states.map((state) => tensorFor(code, state));
  return (await run(load, tensorFor(code, input), others.length > 0 ? [first, ...others] : first)) as Tensor;
}

/** A tensor of the element type that the lines have. */
function tensorFor(code: string, { data, shape }: Printed): Tensor {
  const array = code.includes('new Float64Array') ? Float64Array : Float32Array;
  return { data: array.from(data), shape };
}

const AsyncFunction = (async () => {}).constructor as new (
  ...parameters: readonly string[]
) => (...values: readonly unknown[]) => Promise<unknown>;

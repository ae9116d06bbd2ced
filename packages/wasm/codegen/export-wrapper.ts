import { lineComment } from '@congruent/codegen';

/** How many values a step takes and gives. */
export interface Widths {
  readonly inputs: number;
  readonly outputs: number;
}

const commented = (header: readonly string[]): string => header.map((line) => `${lineComment('//', line)}\n`).join('');

/** The module that makes functions of JavaScript of an exported model. It asks for nothing but WebAssembly. */
export const wrapper = (name: string, header: readonly string[], widths: Widths): string => `\
${commented(header)}
${functions(name, widths, 'moduleOrBytes')}`;

/**
 * The same with the model inside, so that `create()` needs no file: one module of JavaScript, for wherever there is `atob`.
 *
 * @param name    of the model, as messages say it
 * @param header  lines that the module begins with, without comment signs
 * @param base64  what `export` gave as the WebAssembly module
 */
export const standalone = (name: string, header: readonly string[], widths: Widths, base64: string): string => `\
${commented(header)}
const BYTES = Uint8Array.from(atob('${base64}'), (character) => character.charCodeAt(0));

${functions(name, widths, 'moduleOrBytes = BYTES')}`;

/** @param parameter  of `create` */
const functions = (name: string, { inputs, outputs }: Widths, parameter: string): string => `\
export const inputSize = ${inputs};
export const outputSize = ${outputs};

const isModule = (value) => Object.prototype.toString.call(value) === '[object WebAssembly.Module]';

function check(method, x, length) {
  if (x?.length === length) return;
  const got = x?.length === undefined ? String(x) : \`\${x.length} values\`;
  throw new RangeError(\`${name}.\${method}: expected \${length} values, got \${got}\`);
}

export function create(${parameter}) {
  const module = isModule(moduleOrBytes) ? moduleOrBytes : new WebAssembly.Module(moduleOrBytes);
  const { memory, input, output, reset, step, alloc, run } = new WebAssembly.Instance(module).exports;
  const viewsOf = (buffer) => [
    new Float32Array(buffer, input(), inputSize),
    new Float32Array(buffer, output(), outputSize),
  ];
  let [x, y] = viewsOf(memory.buffer);
  let result = new Float32Array(outputSize);
  let [at, room] = [0, 0];

  return {
    step(values) {
      check('step', values, inputSize);
      x.set(values);
      step();
      if (result.length !== outputSize) result = new Float32Array(outputSize); // it was transferred
      result.set(y);
      return result;
    },

    run(values, steps) {
      if (!Number.isSafeInteger(steps) || steps < 0) {
        throw new RangeError(\`${name}.run: steps must be an integer ≥ 0, got \${steps}\`);
      }
      check('run', values, steps * inputSize);
      const bytes = 4 * steps * (inputSize + outputSize);
      if (bytes > room) {
        const wanted = Math.max(bytes, 2 * room); // as nothing is given back
        at = alloc(wanted) >>> 0;
        room = wanted;
        [x, y] = viewsOf(memory.buffer); // memory that has grown has another buffer
      }
      new Float32Array(memory.buffer, at, steps * inputSize).set(values);
      const results = at + 4 * steps * inputSize;
      run(steps, at, results);
      return new Float32Array(memory.buffer, results, steps * outputSize).slice();
    },

    reset() {
      reset();
    },
  };
}
`;

/** Its types; they name none of the platform's, which differ by environment. */
export const types = (name: string, header: readonly string[], { inputs, outputs }: Widths): string => `\
${commented(header)}
/** Values that a step takes; several inputs one after the other. */
export declare const inputSize: ${inputs};
/** Values that a step gives; several outputs one after the other. */
export declare const outputSize: ${outputs};

export interface Model {
  /**
   * One step.
   *
   * @returns the outputs, in an array that is the same each time: valid until the next step; it may be written to, or
   *   transferred
   * @throws RangeError where x has not \`inputSize\` values
   */
  step(x: ArrayLike<number>): Float32Array;
  /**
   * Steps from the current state on, row by row.
   *
   * @param xs [steps, inputSize], row-major
   * @param steps an integer ≥ 0
   * @returns [steps, outputSize], a new array
   * @throws RangeError where xs has not as many values; WebAssembly.RuntimeError where the engine gives no memory for it
   */
  run(xs: ArrayLike<number>, steps: number): Float32Array;
  /** Back to the states before the first step. */
  reset(): void;
}

/**
 * A model with states of its own, at once: each call of it makes another.
 *
 * @param moduleOrBytes ${name}.wasm, compiled or as bytes; compiled where the platform forbids or limits compiling
 */
export declare function create(moduleOrBytes: object): Model;
`;

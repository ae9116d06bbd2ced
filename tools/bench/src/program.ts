import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from './problem.ts';
import type { Contestant } from './processes.ts';

/**
 * Starts a program on a problem. It is given the name of a file, writes its results, and then answers each line with a
 * number of runs with a line of the nanoseconds that they took.
 *
 * The file: I, H, T, B, layers and directions as int32; weight_ih, weight_hh, bias_ih and bias_hh by layer and direction,
 * and the input, as float32.
 */
export async function startProgram(name: string, command: readonly string[], problem: Problem): Promise<Contestant> {
  const { work, layers, input } = problem;
  const folder = await mkdtemp(join(tmpdir(), 'congruent-bench-'));
  try {
    const file = join(folder, 'problem');
    const header = [work.inputSize, work.hiddenSize, work.steps, work.batch, work.layers, work.directions];
    const weights = layers.flatMap((sides) => sides.flatMap((each) => Object.values(each).map(({ data }) => data)));
    const arrays = [Int32Array.from(header), ...weights, input];
    await writeFile(file, Buffer.concat(arrays.map((array) => new Uint8Array(array.buffer))));

    const [program, ...args] = command as [string, ...string[]];
    const child = spawn(program, [...args, file], { stdio: ['pipe', 'pipe', 'inherit'] });
    const output = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const read = async (enough: (bytes: Buffer) => boolean): Promise<Buffer> => {
      let bytes = Buffer.alloc(0);
      while (!enough(bytes)) {
        const { done, value } = await output.next();
        if (done) throw new Error(`${name} ended.`);
        bytes = Buffer.concat([bytes, value]);
      }
      return bytes;
    };
    const length = 4 * work.steps * work.batch * work.directions * work.hiddenSize;
    const results = await read((bytes) => bytes.length >= length);
    return {
      name,
      results: [new Float32Array(Uint8Array.from(results).buffer)],
      parts: new Map(),
      run: async (times) => {
        child.stdin.write(`${times}\n`);
        return Number(await read((bytes) => bytes.at(-1) === 10));
      },
      close: () => child.stdin.end(),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

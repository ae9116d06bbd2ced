import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Problem } from './problem.ts';
import type { Contestant } from './processes.ts';

export const C_NAME = 'plain C';

/** No vectorisation, no reordering, no fused multiply-add: what the scalar loops mean. */
export const C_FLAGS = ['-O2', '-std=c11', '-fno-tree-vectorize', '-ffp-contract=off'] as const;

const source = fileURLToPath(new URL('../c/gru.c', import.meta.url));

/** The version of gcc, or `undefined` where there is none. */
export function gccVersion(): string | undefined {
  const { status, stdout } = spawnSync('gcc', ['-dumpfullversion'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** Compiles the reference and starts it on a streamed step. */
export async function startC(problem: Problem): Promise<Contestant> {
  const { work, layers, input } = problem;
  const folder = await mkdtemp(join(tmpdir(), 'congruent-bench-'));
  try {
    const [program, data] = [join(folder, 'gru'), join(folder, 'problem')];
    await promisify(execFile)('gcc', [...C_FLAGS, source, '-o', program, '-lm']);
    const { weight_ih, weight_hh, bias_ih, bias_hh } = layers[0]![0]!;
    const header = Int32Array.of(work.inputSize, work.hiddenSize, work.steps);
    const arrays = [header, weight_ih, weight_hh, bias_ih, bias_hh, input];
    await writeFile(data, Buffer.concat(arrays.map((array) => new Uint8Array(array.buffer))));

    const child = spawn(program, [data], { stdio: ['pipe', 'pipe', 'inherit'] });
    const output = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const read = async (enough: (bytes: Buffer) => boolean): Promise<Buffer> => {
      let bytes = Buffer.alloc(0);
      while (!enough(bytes)) {
        const { done, value } = await output.next();
        if (done) throw new Error(`${C_NAME} ended.`);
        bytes = Buffer.concat([bytes, value]);
      }
      return bytes;
    };
    const length = 4 * work.steps * work.hiddenSize;
    const states = await read((bytes) => bytes.length >= length);
    return {
      name: C_NAME,
      results: new Float32Array(Uint8Array.from(states).buffer),
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

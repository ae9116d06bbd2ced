import { CongruentError } from '@congruent/runtime';
import type { KernelSource } from './cell.ts';
import type { DeviceName } from './device.ts';
import type { Gpu, GpuKernel, GpuResult } from './gpu-js.ts';

/** More than any sum has blocks; gpu.js ends loops of unknown length after this many rounds, by default 1000. */
const LOOP_LIMIT = 2 ** 20;

/** What every kernel is compiled with; everything that decides about accuracy is said, nothing left to gpu.js. */
const SETTINGS = {
  precision: 'single',
  tactic: 'precision',
  loopMaxIterations: LOOP_LIMIT,
  dynamicOutput: true,
  dynamicArguments: true,
  pipeline: true,
  immutable: true,
} as const;

/** What a kernel is compiled for. */
interface Conditions {
  /** What gpu.js calls the type of a plane. */
  readonly planeType: string;
  /** Whether results are textures, whose sides are limited. Default: false. */
  readonly tiled?: boolean;
  /** The functions of one number that it may call, beside `pow2`. Default: none. */
  readonly functions?: readonly string[] | undefined;
}

/** A kernel that runs where it was asked to, or not at all. */
export class CompiledKernel {
  private readonly gpu: Gpu;
  private readonly device: DeviceName;
  private readonly kernel: GpuKernel;
  private readonly tiled: boolean;

  constructor(
    gpu: Gpu,
    device: DeviceName,
    signature: Signature,
    { planeType, tiled = false, functions = [] }: Conditions,
  ) {
    const { source, planes, dimensions = [], numbers } = signature;
    this.gpu = gpu;
    this.device = device;
    this.kernel = gpu.createKernel(source.trim(), {
      ...SETTINGS,
      output: tiled ? [1, 1, 1] : [1, 1],
      functions: [POW2, LARGER, SMALLER, ...functions].map(functionOfNumbers),
      argumentTypes: [...planes.map(() => planeType), ...[...dimensions, ...numbers].map(() => 'Integer')],
    });
    this.tiled = tiled;
    this.kernel.kernel.onRequestFallback = () => this.refuse();
  }

  /** Runs it for a result of `rows` rows of `width` elements. */
  run(width: number, rows: number, values: readonly unknown[]): GpuResult | Promise<GpuResult> {
    // Between these two nothing else can run: the size is read before the call returns.
    this.kernel.setOutput(this.tiled ? tiles(width, rows) : [width, rows]);
    const result = this.kernel(...values);
    if (this.kernel.kernel.constructor !== this.gpu.Kernel) this.refuse();
    return result;
  }

  private refuse(): never {
    throw new CongruentError(
      'CONGRUENT_DEVICE',
      `device '${this.device}' cannot run a kernel (${this.kernel.kernel.fallbackReason ?? 'gpu.js gives no reason'}). ` +
        "Use another device, e.g. 'webasm'.",
    );
  }
}

/** The least longest side of a texture that WebGL 2 guarantees. */
const SIDE = 2048;

/**
 * The size of a result that is a texture. gpu.js makes a flat one of just these sides, and folds a deep one into a
 * square; the last of its rows is of no use where their number is odd.
 */
const tiles = (width: number, rows: number): readonly number[] =>
  width > SIDE || rows > SIDE ? [width, Math.ceil(rows / 2), Math.min(rows, 2)] : [width, rows, 1];

type Signature = Pick<KernelSource, 'source' | 'planes' | 'numbers'> & Partial<Pick<KernelSource, 'dimensions'>>;

/**
 * 2^k for an integer k from -126 to 127: multiplies the powers of two that k is the sum of. Every product is exact on any
 * device, which exp2 is not. For NaN all comparisons are false and the result is 1; what follows multiplies with NaN
 * again.
 */
const POW2 = [
  'function pow2(k) { let p = 1; let n = Math.abs(k);',
  ...[64, 32, 16, 8, 4, 2, 1].map(
    (part) => `if (n >= ${part}) { p = p * (k < 0 ? ${2 ** -part} : ${2 ** part}); n = n - ${part}; }`,
  ),
  'return p; }',
].join('\n');

/**
 * The larger and the smaller of two numbers as IEEE says, which GLSL leaves open for NaN and zeros: what is no number
 * compares as equal, and −0 and 0 do.
 */
const LARGER = 'function larger(a, b) { return a < b ? b : a > b ? a : a < 0 ? b : a > 0 ? b : a + b; }';
const SMALLER = 'function smaller(a, b) { return a < b ? a : a > b ? b : a < 0 ? b : a > 0 ? b : -(-a - b); }';

/** A function of numbers as gpu.js takes it, for one kernel: another cell's may have the same name. */
function functionOfNumbers(source: string): object {
  const operands = /\(([\w, ]+)\)/.exec(source)![1]!.split(', ');
  const argumentTypes = Object.fromEntries(operands.map((operand) => [operand, 'Float']));
  return { source: source.trim(), settings: { argumentTypes, returnType: 'Float' } };
}

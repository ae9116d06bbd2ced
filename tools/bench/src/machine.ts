import { cpus } from 'node:os';
import { C_FLAGS, gccVersion } from './c-reference.ts';
import { peerVersions } from './folder.ts';

/** Where and with what the numbers were taken. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  /** Gigahertz, measured: virtual machines report none, or another. */
  readonly gigahertz: number;
  readonly system: string;
  readonly node: string;
  readonly v8: string;
  readonly gcc: string | undefined;
  readonly versions: Readonly<Record<string, string>>;
}

export function machine(): Machine {
  const [cpu, ...others] = cpus();
  const gcc = gccVersion();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: others.length + 1,
    gigahertz: gigahertz(),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    gcc: gcc && `${gcc} ${C_FLAGS.join(' ')}`,
    versions: peerVersions(),
  };
}

/** Cycles from an integer multiplication to the next one that needs its result, on today's x86 and ARM processors. */
const MULTIPLICATION = 3;

/** Billions of cycles a second, from the fastest of some chains of multiplications. */
function gigahertz(): number {
  const [chains, links] = [200, 80_000];
  let fastest = Number.POSITIVE_INFINITY;
  let x = 1;
  for (let chain = 0; chain < chains; chain++) {
    const start = performance.now();
    for (let link = 0; link < links; link++) x = Math.imul(x, 0x2545f491);
    fastest = Math.min(fastest, performance.now() - start);
  }
  // Reading x keeps the engine from leaving the chains out; it is odd and never 0.
  return x === 0 ? 0 : Math.round((links * MULTIPLICATION) / fastest / 1e5) / 10;
}

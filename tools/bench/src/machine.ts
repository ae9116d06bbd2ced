import { cpus } from 'node:os';
import { C_FLAGS, gccVersion } from './c-reference.ts';
import { peerVersions } from './folder.ts';

/** Where and with what the numbers were taken. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  /** Gigahertz as the system reports it. */
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
    gigahertz: (cpu?.speed ?? 0) / 1000,
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    gcc: gcc && `${gcc} ${C_FLAGS.join(' ')}`,
    versions: peerVersions(),
  };
}

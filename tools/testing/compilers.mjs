// Which compilers of C and which emulators are on this machine. Run by itself it prints them, and what the processor has, for
// Nx: a test that skipped where one was missing has to run again once it is there.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The first line of what a program, with or without arguments of its own, says of its version, where it is there. */
export const versionOf = (/** @type {string} */ program) => {
  const [command = '', ...args] = program.split(' ');
  return spawnSync(command, [...args, '--version'], { encoding: 'utf8' }).stdout?.split('\n', 1)[0];
};

const PROGRAMS = [
  ...['cc', 'gcc', 'g++', 'clang', 'clang++'],
  ...['aarch64-linux-gnu-gcc', 'qemu-aarch64-static', 'arm-none-eabi-gcc', 'qemu-system-arm'],
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const own = process.env['CC'];
  for (const program of own ? [own, ...PROGRAMS] : PROGRAMS) console.log(`${program}: ${versionOf(program) || 'none'}`);
  const info = '/proc/cpuinfo';
  const flags = existsSync(info) ? /^flags\s*:(.*)$/m.exec(readFileSync(info, 'utf8'))?.[1] : undefined;
  console.log(`${process.platform} ${process.arch} ${flags?.match(/\b(sse|avx|fma)\w*/g)?.join(' ') ?? ''}`);
}

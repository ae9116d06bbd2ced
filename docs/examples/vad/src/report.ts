import type { Loaded } from './page-files.ts';
import { CHUNK, RATE } from './speech.ts';

/** Characters of a bar for probability 1. */
const BAR = 40;

/** A line for each chunk: when it begins, its probability as a number and as a bar. */
export const probabilityLines = (probabilities: readonly number[]): readonly string[] =>
  probabilities.map((probability, at) => {
    const seconds = ((at * CHUNK) / RATE).toFixed(3);
    return `${seconds.padStart(9)} s  ${probability.toFixed(4)}  ${bar(probability)}`.trimEnd();
  });

/** Eighths of a character, as blocks have them. */
function bar(share: number): string {
  const eighths = Math.round(share * BAR * 8);
  return '█'.repeat(eighths >> 3) + ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths & 7]!;
}

const kilobytes = (bytes: number): string =>
  `${(bytes / 1000).toLocaleString('en', { maximumFractionDigits: bytes < 1e4 ? 1 : 0 })} kB`;

const total = (files: readonly Loaded[], size: 'bytes' | 'gzipped'): number =>
  files.reduce((sum, file) => sum + file[size], 0);

/** What a page loads, gzipped and in parentheses as it is. */
export const loadedLine = (files: readonly Loaded[]): string => {
  const each = files.map(({ name, gzipped }) => `${name} ${kilobytes(gzipped)}`);
  return `${kilobytes(total(files, 'gzipped'))} (${kilobytes(total(files, 'bytes'))}): ${each.join(', ')}`;
};

/** The largest difference of two lists of numbers. */
export const farthest = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((most, value, at) => Math.max(most, Math.abs(value - right[at]!)), 0);

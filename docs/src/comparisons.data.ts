import { readFileSync } from 'node:fs';
import { defineLoader } from 'vitepress';
import { type Comparison, comparisonsIn } from './benchmarks.ts';

/** What the charts show, read when the site is built. */
declare const data: readonly Comparison[];

export { data };

export default defineLoader({
  watch: ['../benchmarks.md'],
  load: ([file]): readonly Comparison[] => comparisonsIn(readFileSync(file!, 'utf8')),
});

import { demandOf, gigaflops, yardstick } from './limits.ts';
import { COMPARISONS } from './parts.ts';
import { ratioCells, ratios } from './ratios.ts';
import type { Report, TimedRow } from './report.ts';
import {
  type Cells,
  coldCells,
  duration,
  kilobytes,
  pageCells,
  partCells,
  residualsLine,
  significant,
  workCells,
} from './table.ts';
import { NATIVE, titleOf } from './works.ts';

/** docs/benchmarks.md. */
export function markdown(report: Report): string {
  const { machine, timed, cold, page, notes, problems, quick } = report;
  const compared = ratios(report);
  const parts = [
    '# Benchmarks',
    `Written by \`npm run bench${quick ? ' -- --quick --write' : ''}\` on ${machine.date}: ${machine.cpu}, ${machine.cores} cores, ${machine.system}, Node ${machine.node} (V8 ${machine.v8}). The contestants took turns of a few milliseconds, each in its own process on one thread. A turn’s time is that of the clock or, where less, of the processor, as other processes may have used the machine; all the same, compare within a table. Medians and quartiles are of the turns.`,
    `Every contestant got the same weights and inputs, and its results were equal to the first one's within 10⁻⁵ before anything was timed; of arrays with elements beyond ±1, such as gradients, within 10⁻⁵ of the largest one. Peers: ${Object.entries(
      machine.versions,
    )
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}. ${machine.gcc ? `Plain C (tools/bench/c): gcc ${machine.gcc}.` : ''}`,
    ...notes.map((note) => `- ${note}`),
    ...(compared.length > 0 ? ['## What is aimed at', grid(ratioCells(compared))] : []),
    ...timed.flatMap((row) => [`## ${titleOf(row.work)}`, grid(workCells(row)), ...beside(row)]),
    ...(cold.length > 0
      ? [
          '## Import to first result',
          'A GRU in a fresh process, I=64 H=128: from before the import, with the weights in memory, to the first step’s result. The start of Node itself is not counted.',
          grid(coldCells(cold)),
        ]
      : []),
    ...(page.length > 0
      ? [
          '## Bytes that a page loads',
          'A production build by Vite of a page that does inference with a GRU, minified, each file gzipped (level 9). Weights are not counted.',
          grid(pageCells(page)),
        ]
      : []),
    '## Limits',
    `What each row demands, and how far the fastest backend is from two bounds. Products: the matrix products alone at four multiply-adds a cycle, which is one 128-bit multiplication and one addition each cycle, separate as the order of roundings is part of the specification, at the ${machine.gigahertz} GHz that a chain of multiplications runs at. A processor with a third vector unit can pass it (six a cycle), one with two multipliers and two adders too, and fused multiply-add (eight). Weights: one row at a time uses each weight once, so no step is faster than the engine reads them, 128 bits at a time and doing nothing else, from whichever cache holds them; a batch uses each several times.`,
    grid(limitCells(report)),
    ...nativeLimitParts(report),
    'Plain JavaScript has another bound. V8 has no float32 arithmetic outside of WebAssembly: each of the two roundings of a multiply-add is a conversion to float32 and one back, and the processor does one conversion a cycle. So a multiply-add takes four cycles where compiled C, with four sums at a time, takes less than one; activations, some twenty rounded operations each, weigh more the smaller the state is.',
    ...(problems.length > 0 ? ['## Left out', ...problems.map((problem) => `- ${problem.split('\n')[0]}`)] : []),
  ];
  return `${parts.join('\n\n').replaceAll(/(^- .*)\n\n(?=- )/gm, '$1\n')}\n`;
}

/** What there is to say of a row beside its times. */
function beside(row: TimedRow): string[] {
  const [parts, { work, residuals }] = [partCells(row), row];
  return [
    ...(parts.length > 0 ? [COMPARISONS[work.kind].text, grid(parts)] : []),
    ...(residuals ? [`${capital(residualsLine(residuals, work))}.`] : []),
  ];
}

function limitCells({ timed, backends, machine }: Report): Cells {
  return [
    [
      'work',
      'multiply-adds a step',
      'weights a step',
      'products',
      'weights',
      'fastest backend',
      'GFLOP/s',
      '× products',
      '× weights',
    ],
    ...timed.flatMap(({ work, reading, times }) => {
      const { multiplyAddsPerStep, weightBytes } = demandOf(work);
      const fourACycle = yardstick(work, machine.gigahertz);
      const medians = times
        .filter(({ name }) => backends.includes(name))
        .map(({ microseconds }) => microseconds.median);
      if (medians.length === 0) return [];
      const best = Math.min(...medians);
      return [
        [
          titleOf(work),
          multiplyAddsPerStep.toLocaleString('en'),
          kilobytes(weightBytes),
          duration(fourACycle),
          work.kind === 'step' ? duration(reading) : '–',
          duration(best),
          significant(gigaflops(work, best)),
          significant(best / fourACycle),
          work.kind === 'step' ? significant(best / reading) : '–',
        ],
      ];
    }),
  ];
}

/** The same for machine code, which may use all of a processor's vectors. */
function nativeLimitParts({ timed }: Report): string[] {
  const rows = timed.flatMap(({ work, native, times }) => {
    const median = times.find(({ name }) => name === NATIVE)?.microseconds.median;
    if (!native || median === undefined) return [];
    const { products, reading } = native;
    return [
      [
        titleOf(work),
        duration(products),
        work.kind === 'step' ? duration(reading) : '–',
        duration(median),
        significant(median / products),
        work.kind === 'step' ? significant(median / reading) : '–',
      ],
    ];
  });
  if (rows.length === 0) return [];
  return [
    `Machine code has other bounds, measured by a program (tools/bench/c/limits.c) that does nothing else. Products: each a multiplication and an addition of the widest vectors, rounded apart, with all operands in registers. Weights: read once, from whichever cache holds them. Of ${NATIVE}:`,
    grid([['work', 'products', 'weights', NATIVE, '× products', '× weights'], ...rows]),
  ];
}

/** Cells as a Markdown table, all but the first column to the right. */
export function grid([header, ...rows]: Cells): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = header!.map((_, column) => (column === 0 ? '---' : '--:'));
  return [header!, rule, ...rows].map(line).join('\n');
}

const capital = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`;

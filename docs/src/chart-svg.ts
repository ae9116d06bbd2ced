import { type Bar, type Comparison, OURS } from './benchmarks.ts';

/** In pixels. */
const SIZE = { panel: 440, names: 126, figures: 70, top: 58, row: 24, bar: 15 };

const STYLE = `
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #3c434a }
  .title { font-size: 14px; font-weight: 600; fill: #1c2024 }
  .ours { fill: #0b6a62 } .peers { fill: #b4bbc2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #c3c9ce } .title { fill: #e6e8ea }
    .ours { fill: #62cfc2 } .peers { fill: #6b747d }
  }`;

/** The comparisons beside each other as a picture, where nothing can be drawn by a script. */
export function chartSvg(comparisons: readonly Comparison[]): string {
  const rows = Math.max(...comparisons.map(({ bars }) => bars.length));
  const [width, height] = [comparisons.length * SIZE.panel, SIZE.top + rows * SIZE.row + 6];
  const title = comparisons.map((comparison) => comparison.title).join('; ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${title}</title>
<style>${STYLE}
</style>
${comparisons.map(panel).join('\n')}
</svg>
`;
}

function panel({ title, of, bars }: Comparison, index: number): string {
  const longest = Math.max(...bars.map(({ value }) => value));
  return `<g transform="translate(${index * SIZE.panel} 0)">
<text class="title" x="${SIZE.names}" y="18">${title}</text>
<text x="${SIZE.names}" y="38">${of === title ? 'GRU for inference, minified, gzip' : of}</text>
${bars.map((bar, row) => rowOf(bar, SIZE.top + row * SIZE.row, longest)).join('\n')}
</g>`;
}

function rowOf({ name, value, text, isOurs }: Bar, y: number, longest: number): string {
  const length = Math.max(1, (value / longest) * (SIZE.panel - SIZE.names - SIZE.figures));
  const baseline = y + SIZE.bar - 3;
  const bar = `<rect class="${isOurs ? 'ours' : 'peers'}" x="${SIZE.names}" y="${y}" width="${length.toFixed(1)}" height="${SIZE.bar}"/>`;
  const label = `<text x="${SIZE.names - 8}" y="${baseline}" text-anchor="end">${name.replace(OURS, '')}</text>`;
  return `${label}${bar}<text x="${(SIZE.names + length + 6).toFixed(1)}" y="${baseline}">${text}</text>`;
}

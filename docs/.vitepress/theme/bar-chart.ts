import uPlot from 'uplot';
import { type Comparison, OURS } from '../../src/benchmarks.ts';

const FONT = '12px system-ui, sans-serif';
/** In pixels: between names and bars, and what stands behind the longest one. */
const ROOM = { gap: 6, figures: 68 };

/** Bars, one below the other, drawn into an element whose size they take; they are redrawn when that or the theme changes. */
export class BarChart {
  readonly #element: HTMLElement;
  readonly #comparison: Comparison;
  readonly #resizing = new ResizeObserver(() => this.#draw());
  readonly #theming = new MutationObserver(() => this.#draw());
  #plot: uPlot | undefined;

  constructor(element: HTMLElement, comparison: Comparison) {
    this.#element = element;
    this.#comparison = comparison;
    this.#resizing.observe(element); // reports at once
    this.#theming.observe(document.documentElement, { attributeFilter: ['class'] });
  }

  destroy(): void {
    this.#resizing.disconnect();
    this.#theming.disconnect();
    this.#plot?.destroy();
  }

  #draw(): void {
    const { bars } = this.#comparison;
    this.#plot?.destroy();
    const values = (ours: boolean) => bars.map(({ isOurs, value }) => (isOurs === ours ? value : null));
    this.#plot = new uPlot(
      optionsOf(this.#comparison, this.#element),
      [bars.map((_, row) => row), values(true), values(false)],
      this.#element,
    );
  }
}

function optionsOf({ bars }: Comparison, element: HTMLElement): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--chart-${name}`);
  const longest = Math.max(...bars.map(({ value }) => value));
  const names = bars.map(({ name }) => name.replace(OURS, ''));
  const room = widestOf(names) + ROOM.gap;
  const width = element.clientWidth - room;
  const paths = uPlot.paths.bars!({ size: [0.65, 18] });
  const series = (name: string): uPlot.Series => ({ fill: colour(name), width: 0, paths, points: { show: false } });
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, ori: 1, dir: -1, range: [-0.5, bars.length - 0.5] },
      y: { ori: 0, dir: 1, range: [0, (longest * width) / (width - ROOM.figures)] },
    },
    axes: [
      {
        side: 3,
        size: room,
        gap: ROOM.gap,
        font: FONT,
        stroke: colour('text'),
        grid: { show: false },
        ticks: { show: false },
        splits: () => bars.map((_, row) => row),
        values: (_, rows) => rows.map((row) => names[row]!),
      },
      { show: false },
    ],
    series: [{}, series('ours'), series('peers')],
    hooks: { draw: [(plot) => writeFigures(plot, bars, colour('text'))] },
  };
}

/** The width of the widest text, in whole pixels. */
function widestOf(texts: readonly string[]): number {
  const context = document.createElement('canvas').getContext('2d')!;
  context.font = FONT;
  return Math.ceil(Math.max(...texts.map((text) => context.measureText(text).width)));
}

function writeFigures(plot: uPlot, bars: Comparison['bars'], colour: string): void {
  const { ctx } = plot;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.font = FONT.replace(/^\d+/, (size) => String(Number(size) * ratio));
  ctx.fillStyle = colour;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  for (const [row, { value, text }] of bars.entries())
    ctx.fillText(text, plot.valToPos(value, 'y', true) + 6 * ratio, plot.valToPos(row, 'x', true));
  ctx.restore();
}

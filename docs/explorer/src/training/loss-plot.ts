import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { coloursOf } from './colours.ts';

/** In pixels of the page. */
const HEIGHT = 300;

/** The curve of the loss, the axis of which is logarithmic, and the line that is to be beaten. */
export class LossPlot {
  readonly host: HTMLElement;
  private readonly plot: uPlot;

  constructor(host: HTMLElement, left: AbortSignal) {
    this.host = host;
    this.plot = new uPlot(this.options(), [[], [], []], host);
    left.addEventListener('abort', () => this.plot.destroy());
    new ResizeObserver(([entry]) => {
      const width = Math.floor(entry!.contentRect.width);
      if (width > 0) this.plot.setSize({ width, height: HEIGHT });
    }).observe(host);
  }

  show([steps, losses]: readonly [number[], number[]], baseline: number): void {
    const last = Math.max(20, steps.at(-1) ?? 0);
    const [x, y] = [
      [0, ...steps, last],
      [null, ...losses, null],
    ];
    this.plot.setData([x, y, x.map(() => baseline)]);
  }

  clear(): void {
    this.plot.setData([[], [], []]);
  }

  draw(): void {
    this.plot.redraw(false);
  }

  private options(): uPlot.Options {
    const colour = (name: string, otherwise: string) => (): string => coloursOf(this.host)(name, otherwise);
    const axis: uPlot.Axis = {
      stroke: colour('muted', '#57606a'),
      grid: { stroke: colour('line', '#dfe2e6'), width: 1 },
      ticks: { show: false },
      font: '11px system-ui, sans-serif',
    };
    return {
      width: Math.max(200, this.host.clientWidth),
      height: HEIGHT,
      padding: [10, 12, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false }, y: { distr: 3 } },
      axes: [
        { ...axis, size: 26 },
        {
          ...axis,
          grid: { ...axis.grid, filter: decades },
          size: 58,
          values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : `${Number(tick.toPrecision(3))}`)),
        },
      ],
      series: [
        {},
        { stroke: colour('accent', '#3451b2'), width: 1.5, points: { show: false }, spanGaps: true },
        { stroke: colour('muted', '#57606a'), width: 1, dash: [5, 4], points: { show: false } },
      ],
    };
  }
}

/** Of the ticks of a logarithmic axis the powers of ten, where there are enough of them. */
function decades(_: uPlot, ticks: readonly number[]): (number | null)[] {
  const isOne = (tick: number): boolean => Number.isInteger(Number(Math.log10(tick).toFixed(6)));
  const enough = ticks.filter(isOne).length > 2;
  return ticks.map((tick) => (!enough || isOne(tick) ? tick : null));
}

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { element } from '../page/element.ts';
import { PERIOD } from './sequence.ts';

/** A unit of a value. */
export interface Unit {
  readonly name: string;
  readonly unit: number;
}

/** Lines at once, as many as colours can be told apart. */
const MOST = 6;

const HEIGHT = 220;

const STEPS = Array.from({ length: PERIOD }, (_, t) => t);

/** Chosen units as lines over time. */
export class Lines {
  readonly part = element('div', 'ex-run-lines');
  readonly units: Unit[] = [];
  private readonly host = element('div', 'ex-run-plot', { role: 'img', 'aria-label': 'Lines over time' });
  private readonly chips = element('div', 'ex-run-chips');
  private readonly numbers: (unit: Unit) => readonly (number | null)[];
  private readonly onChange: () => void;
  private plot: uPlot | undefined;

  /**
   * @param left      aborted once the page is left
   * @param numbers   of a unit, over the steps; null where there is none yet
   * @param onChange  told when the reader takes a line away
   */
  constructor(left: AbortSignal, numbers: (unit: Unit) => readonly (number | null)[], onChange: () => void) {
    left.addEventListener('abort', () => this.plot?.destroy());
    this.numbers = numbers;
    this.onChange = onChange;
    this.part.append(this.chips, this.host);
    new ResizeObserver(() => this.plot?.setSize({ width: this.host.clientWidth, height: HEIGHT })).observe(this.host);
  }

  /** Other units altogether. */
  show(units: readonly Unit[]): void {
    this.units.splice(0, this.units.length, ...units.slice(-MOST));
    this.build();
  }

  /** Shows a unit, or no longer. */
  toggle(unit: Unit): void {
    const rest = this.units.filter((each) => !isSame(each, unit));
    this.show(rest.length < this.units.length ? rest : [...rest, unit]);
    this.onChange();
  }

  update(): void {
    this.plot?.setData([STEPS, ...this.units.map((unit) => [...this.numbers(unit)])]);
    const last = this.units.map((unit) => `${textOf(unit)}: ${this.numbers(unit).at(-1)?.toPrecision(3) ?? 'none'}`);
    this.host.setAttribute('aria-label', `Lines over ${PERIOD} steps, at the last one ${last.join(', ')}`);
  }

  /** Anew, with the colours that the theme has now. */
  build(): void {
    this.plot?.destroy();
    const style = getComputedStyle(this.host);
    const colour = (name: string): string => style.getPropertyValue(name) || style.color;
    const axis = {
      stroke: colour('--ex-muted'),
      grid: { stroke: colour('--ex-line'), width: 1 },
      ticks: { show: false },
    };
    const series = this.units.map((unit, i) => ({
      label: textOf(unit),
      stroke: colour(`--ex-value-${i}`),
      width: 1.75,
    }));
    this.plot = new uPlot(
      {
        width: this.host.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false, range: [0, PERIOD - 1] }, y: { range: around } },
        axes: [
          { ...axis, space: 60 },
          { ...axis, size: 44 },
        ],
        series: [{}, ...series],
      },
      [STEPS, ...this.units.map((unit) => [...this.numbers(unit)])],
      this.host,
    );
    this.chips.replaceChildren(...this.units.map((unit, i) => this.chip(unit, i)));
    if (this.units.length === 0) this.chips.append('Point at a row of a map, or choose a unit, to see it as a line.');
    this.update();
  }

  private chip(unit: Unit, index: number): HTMLElement {
    const text = textOf(unit);
    const chip = element('button', 'ex-button ex-run-chip', { type: 'button', title: `Take ${text} away` }, text, ' ×');
    chip.style.setProperty('--ex-run-colour', `var(--ex-value-${index})`);
    chip.addEventListener('click', () => this.toggle(unit));
    return chip;
  }
}

export const textOf = ({ name, unit }: Unit): string => `${name}[${unit}]`;

const isSame = (a: Unit, b: Unit): boolean => a.name === b.name && a.unit === b.unit;

/** From −1 to 1 at least, so that small values do not look like large ones. */
const around = (_: uPlot, least: number | null, most: number | null): [number, number] => {
  const extent = Math.max(1, Math.abs(least ?? 0), Math.abs(most ?? 0)) * 1.05;
  return [-extent, extent];
};

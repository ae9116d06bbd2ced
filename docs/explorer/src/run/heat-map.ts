import { element } from '../page/element.ts';
import { paint, type Scale } from './colours.ts';
import type { Value } from './protocol.ts';
import { PERIOD } from './sequence.ts';

/** Heights in pixels: of a unit at most, of a map at least and at most. */
const [UNIT, LEAST, MOST] = [9, 12, 72];

/** A value over time: a row for each unit, a column for each step, by colour. */
export class HeatMap {
  readonly row: HTMLElement;
  readonly history: Float32Array;
  private readonly value: Value;
  private readonly canvas: HTMLCanvasElement;
  private readonly extent = element('span', 'ex-run-extent');
  private range = 1;
  private scale: Scale;

  /** @param onUnit  told of a unit that the reader has pointed at, to see it as a line */
  constructor(value: Value, scale: Scale, onUnit: (unit: number) => void) {
    const { name, width, comment } = value;
    this.value = value;
    this.scale = scale;
    this.history = new Float32Array(PERIOD * width).fill(Number.NaN);
    this.canvas = element('canvas', 'ex-run-map', { width: `${PERIOD}`, height: `${width}`, role: 'img' });
    this.canvas.style.height = `${Math.min(MOST, Math.max(LEAST, UNIT * width))}px`;
    this.canvas.addEventListener('click', ({ offsetY }) => {
      onUnit(Math.min(width - 1, Math.max(0, Math.floor((offsetY / this.canvas.clientHeight) * width))));
    });
    const said = comment === undefined ? [] : [element('span', 'ex-run-comment', { title: comment }, comment)];
    const units = element('span', 'ex-run-units', {}, `[${width}] `, this.extent);
    const label = element('div', 'ex-run-label', {}, element('code', '', {}, name), units, ...said);
    this.row = element('div', 'ex-run-row', {}, label, element('div', 'ex-run-strip', {}, this.canvas));
    this.redraw(scale);
  }

  /** Another step's numbers in its column. */
  set(t: number, numbers: Float32Array): void {
    const { width } = this.value;
    this.history.set(numbers, t * width);
    const most = numbers.reduce((largest, each) => Math.max(largest, Math.abs(each) || 0), 0);
    if (most <= this.range || !Number.isFinite(most)) this.column(t);
    else {
      this.range = roundUp(most);
      this.redraw(this.scale);
    }
  }

  /** Forgets all steps. */
  clear(): void {
    this.history.fill(Number.NaN);
    this.range = 1;
    this.redraw(this.scale);
  }

  redraw(scale: Scale): void {
    this.scale = scale;
    for (let t = 0; t < PERIOD; t++) this.column(t);
    this.extent.textContent = `±${this.range}`;
    this.describe();
  }

  /** What the picture says in words: the last column's extremes. */
  describe(): void {
    const { name, width } = this.value;
    const known = this.history.filter((each) => !Number.isNaN(each));
    const [least, most] = [Math.min(...known), Math.max(...known)].map((each) => each.toPrecision(3));
    const extremes = known.length > 0 ? `from ${least} to ${most}` : 'not computed yet';
    this.canvas.setAttribute('aria-label', `${name}, ${width} units over ${PERIOD} steps, ${extremes}`);
  }

  private column(t: number): void {
    const { width } = this.value;
    const image = new ImageData(1, width);
    for (let unit = 0; unit < width; unit++) {
      paint(image.data, 4 * unit, this.history[t * width + unit]!, this.range, this.scale);
    }
    this.canvas.getContext('2d')!.putImageData(image, t, 0);
  }
}

/** The next of 1, 2, 5, 10, … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((digit) => digit * power).find((each) => each >= value) ?? 10 * power;
}

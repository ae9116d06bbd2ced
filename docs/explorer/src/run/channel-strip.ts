import { element } from '../page/element.ts';
import { type Channel, PERIOD, shapes } from './sequence.ts';

/** How far a key moves the value of a step. */
const NUDGE = 0.1;

const DRAWN = 'drawn';

/** A channel of an input, to be drawn into by pointer, finger or keys, or picked from a list. */
export class ChannelStrip {
  readonly row: HTMLElement;
  private readonly channel: Channel;
  private readonly canvas = element('canvas', 'ex-run-channel', {
    tabindex: '0',
    role: 'slider',
    'aria-valuemin': '-1',
    'aria-valuemax': '1',
    'aria-description': 'Left and right choose a step, up and down change its value',
  });
  private readonly picker: HTMLSelectElement;
  private readonly onChange: () => void;
  /** The step that keys change. */
  private chosen = 0;
  private last: { readonly t: number; readonly value: number } | undefined;

  /** @param onChange  told whenever a value is another */
  constructor(name: string, channel: Channel, onChange: () => void) {
    this.channel = channel;
    this.onChange = onChange;
    this.canvas.setAttribute('aria-label', `Input ${name}`);
    const options = [...shapes, DRAWN].map((shape) => element('option', '', { value: shape }, shape));
    this.picker = element('select', 'ex-select ex-run-pick', { 'aria-label': `Shape of ${name}` }, ...options);
    this.picker.addEventListener('change', () => {
      const shape = shapes.find((each) => each === this.picker.value);
      if (shape) channel.pick(shape);
      this.changed();
    });
    this.canvas.addEventListener('pointerdown', (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.last = undefined;
      this.trace(event);
    });
    this.canvas.addEventListener('pointermove', (event) => {
      if (this.canvas.hasPointerCapture(event.pointerId)) this.trace(event);
    });
    this.canvas.addEventListener('keydown', (event) => this.key(event));
    for (const event of ['focus', 'blur']) this.canvas.addEventListener(event, () => this.draw());
    const label = element('div', 'ex-run-label', {}, element('code', '', {}, name), this.picker);
    this.row = element('div', 'ex-run-row', {}, label, element('div', 'ex-run-strip', {}, this.canvas));
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    this.draw();
  }

  draw(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    Object.assign(this.canvas, { width: width * devicePixelRatio, height: height * devicePixelRatio });
    const context = this.canvas.getContext('2d')!;
    const style = getComputedStyle(this.canvas);
    const x = (t: number): number => (t / PERIOD) * width;
    const y = (value: number): number => height / 2 - value * (height / 2 - 3);
    context.scale(devicePixelRatio, devicePixelRatio);
    context.fillStyle = style.getPropertyValue('--ex-line') || '#ccc';
    context.fillRect(0, Math.round(y(0)), width, 1);
    if (document.activeElement === this.canvas) context.fillRect(x(this.chosen), 0, Math.max(2, x(1)), height);
    context.strokeStyle = style.color;
    context.lineWidth = 1.75;
    context.lineJoin = 'round';
    context.beginPath();
    for (const [t, value] of this.channel.values.entries()) {
      context.lineTo(x(t), y(value));
      context.lineTo(x(t + 1), y(value));
    }
    context.stroke();
    this.picker.value = this.channel.shape ?? DRAWN;
    const value = this.channel.values[this.chosen]!;
    this.canvas.setAttribute('aria-valuenow', value.toFixed(2));
    this.canvas.setAttribute('aria-valuetext', `step ${this.chosen}: ${value.toFixed(2)}`);
  }

  /** A stroke from where the pointer was to where it is. */
  private trace({ offsetX, offsetY }: PointerEvent): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const t = Math.min(PERIOD - 1, Math.max(0, Math.floor((offsetX / width) * PERIOD)));
    const value = (height / 2 - offsetY) / (height / 2 - 3);
    const from = this.last ?? { t, value };
    const steps = Math.abs(t - from.t);
    for (let i = 0; i <= steps; i++) {
      const share = steps === 0 ? 1 : i / steps;
      this.channel.draw(from.t + Math.sign(t - from.t) * i, from.value + (value - from.value) * share);
    }
    this.last = { t, value };
    this.chosen = t;
    this.changed();
  }

  private key(event: KeyboardEvent): void {
    const { key } = event;
    const moved = { ArrowLeft: this.chosen - 1, ArrowRight: this.chosen + 1, Home: 0, End: PERIOD - 1 }[key];
    const by = { ArrowUp: NUDGE, ArrowDown: -NUDGE }[key];
    if (moved === undefined && by === undefined) return;
    event.preventDefault();
    if (moved !== undefined) {
      this.chosen = (moved + PERIOD) % PERIOD;
      this.draw();
    }
    if (by === undefined) return;
    this.channel.draw(this.chosen, this.channel.values[this.chosen]! + by);
    this.changed();
  }

  private changed(): void {
    this.draw();
    this.onChange();
  }
}

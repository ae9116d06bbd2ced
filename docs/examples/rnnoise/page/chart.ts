import type { Heard } from './processor.ts';

/** Frames that the chart has room for: five seconds. */
const FRAMES = 500;

/** The quietest level that is drawn, in dB. */
const FLOOR = -70;

/** Draws the levels of the last seconds, with noise and without, and the probability of a voice, in the canvas's colours. */
export class Chart {
  readonly #canvas: HTMLCanvasElement;
  #heard: Heard[] = [];
  #isDue = false;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    new ResizeObserver(() => this.#drawSoon()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#drawSoon());
  }

  add(heard: Heard): void {
    this.#heard.push(heard);
    if (this.#heard.length > FRAMES) this.#heard.shift();
    this.#drawSoon();
  }

  clear(): void {
    this.#heard = [];
    this.#drawSoon();
  }

  /** Once for each frame of the display. */
  #drawSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  #draw(): void {
    const canvas = this.#canvas;
    canvas.width = canvas.clientWidth * devicePixelRatio;
    canvas.height = canvas.clientHeight * devicePixelRatio;
    const { color, borderColor, outlineColor } = getComputedStyle(canvas);
    this.#bars(borderColor, ({ before }) => before);
    this.#bars(outlineColor, ({ after }) => after);
    this.#line(color);
  }

  /** Where a frame stands, from left to right, and how wide it is. */
  #place(index: number): readonly [at: number, step: number] {
    const step = this.#canvas.width / FRAMES;
    return [(FRAMES - this.#heard.length + index) * step, step];
  }

  #bars(color: string, level: (heard: Heard) => number): void {
    const context = this.#canvas.getContext('2d')!;
    const { height } = this.#canvas;
    context.fillStyle = color;
    this.#heard.forEach((heard, index) => {
      const share = Math.min(1, Math.max(0, 1 - (20 * Math.log10(level(heard))) / FLOOR));
      const [at, step] = this.#place(index);
      context.fillRect(at, height * (1 - share), step + 0.5, height * share);
    });
  }

  #line(color: string): void {
    const context = this.#canvas.getContext('2d')!;
    const { height } = this.#canvas;
    const margin = 2 * devicePixelRatio;
    context.strokeStyle = color;
    context.lineWidth = margin;
    context.beginPath();
    this.#heard.forEach(({ vad }, index) => {
      context.lineTo(this.#place(index)[0], margin + (height - 2 * margin) * (1 - vad));
    });
    context.stroke();
  }
}

/** What the network makes of a chunk. */
export interface Heard {
  readonly probability: number;
  /** Root of the mean square of its samples. */
  readonly level: number;
}

/** Chunks that the chart has room for: five seconds. */
const CHUNKS = Math.round((5 * 16_000) / 512);

/** Draws the probability of speech and the level of the sound over the last seconds, in the colours of the canvas. */
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
    this.#heard = [...this.#heard.slice(1 - CHUNKS), heard];
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
    const context = canvas.getContext('2d')!;
    canvas.width = canvas.clientWidth * devicePixelRatio;
    canvas.height = canvas.clientHeight * devicePixelRatio;
    const { width, height } = canvas;
    const { color, borderColor, outlineColor } = getComputedStyle(canvas);
    const step = width / CHUNKS;
    const start = width - this.#heard.length * step;

    context.fillStyle = outlineColor;
    this.#heard.forEach(({ level }, at) => {
      const share = Math.max(0, 1 + (20 * Math.log10(level)) / 60);
      context.fillRect(start + at * step, height * (1 - share), step, height * share);
    });

    context.strokeStyle = borderColor;
    context.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    context.beginPath();
    context.moveTo(0, height / 2);
    context.lineTo(width, height / 2);
    context.stroke();

    context.strokeStyle = color;
    context.lineWidth = 2 * devicePixelRatio;
    context.setLineDash([]);
    context.beginPath();
    this.#heard.forEach(({ probability }, at) => {
      context.lineTo(start + (at + 0.5) * step, height * (1 - probability));
    });
    context.stroke();
  }
}

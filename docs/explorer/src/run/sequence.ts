/** Steps of the sequences that are shown; after the last the first comes again. */
export const PERIOD = 96;

/** What a channel can be without being drawn, from −1 to 1 at each step; channels of the same shape differ. */
const SHAPES = {
  sine: (t, channel) => Math.sin((2 * Math.PI * (t * (1 + (channel % 3)) + 7 * channel)) / (PERIOD / 2)),
  square: (t, channel) => (Math.floor((t + 5 * channel) / (PERIOD / 8)) % 2 === 0 ? 1 : -1),
  step: (t, channel) => (t >= PERIOD / 4 + 6 * (channel % 8) ? 1 : 0),
  impulse: (t, channel) => (t === 8 + 4 * (channel % 16) ? 1 : 0),
  noise: (t, channel) => 2 * fraction(Math.sin(12.9898 * (t + 1) + 78.233 * (channel + 1)) * 43_758.5453) - 1,
  zero: () => 0,
} as const satisfies Readonly<Record<string, (t: number, channel: number) => number>>;

const fraction = (value: number): number => value - Math.floor(value);

export const shapes = Object.keys(SHAPES) as readonly Shape[];

type Shape = keyof typeof SHAPES;

/** Values that a drawn step can have, from −1 to 1 and 0 among them: each is a character of the address. */
const LEVELS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-';
const MIDDLE = (LEVELS.length - 1) / 2;

/** Without a sign where it is 0, as the address has none. */
const nearest = (value: number): number => Math.round(Math.min(1, Math.max(-1, value)) * MIDDLE) / MIDDLE + 0;

/** What stands before the levels of a drawn channel. */
const DRAWN = '_';
const DRAWING = new RegExp(`^${DRAWN}[${LEVELS}]{${PERIOD}}$`);

/** One of the numbers that a step takes, over time. */
export class Channel {
  private readonly index: number;
  /** Drawn, where it is none. */
  shape: Shape | undefined;
  readonly values = new Float32Array(PERIOD);

  /** @param text  as `text` has it; of another one the channel is what it would be without any */
  constructor(index: number, text: string | undefined) {
    this.index = index;
    this.pick(shapeOfAll(index));
    if (text !== undefined && DRAWING.test(text)) {
      for (let t = 0; t < PERIOD; t++) this.draw(t, (LEVELS.indexOf(text[t + 1]!) - MIDDLE) / MIDDLE);
    } else if (shapes.includes(text as Shape)) this.pick(text as Shape);
  }

  pick(shape: Shape): void {
    this.shape = shape;
    for (let t = 0; t < PERIOD; t++) this.values[t] = SHAPES[shape](t, this.index);
  }

  /** Makes a step the nearest level, and all others, where they were none. */
  draw(t: number, value: number): void {
    if (this.shape !== undefined) for (const [at, each] of this.values.entries()) this.values[at] = nearest(each);
    this.shape = undefined;
    this.values[t] = nearest(value);
  }

  /** What the address has of it. */
  get text(): string {
    if (this.shape !== undefined) return this.shape;
    return DRAWN + Array.from(this.values, (value) => LEVELS[Math.round(value * MIDDLE) + MIDDLE]).join('');
  }

  /** Whether nobody has changed it. */
  get isUsual(): boolean {
    return this.shape === shapeOfAll(this.index);
  }
}

/** A different shape for each of the first channels. */
const shapeOfAll = (index: number): Shape => (['sine', 'square', 'impulse', 'noise'] as const)[index % 4]!;

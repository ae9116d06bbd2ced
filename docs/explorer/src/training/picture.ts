import { coloursOf } from './colours.ts';
import type { View } from './protocol.ts';
import type { Line, Track } from './tasks/task.ts';

/** In pixels of the page: of all, of the labels on the left, between rows, and of the numbers of the steps below. */
const [HEIGHT, GUTTER, GAP, AXIS] = [300, 64, 8, 18];

/** What is left free on the right, for the mark around the last step. */
const MARGIN = 2;

/** How far down the influence is drawn, in powers of ten below the largest. */
const DECADES = 4;

/** The narrowest step that has room for a character. */
const READABLE = 8;

/** The variable of the page, and what stands in for it. */
const LINE_COLOURS: Readonly<Record<Line['label'], readonly [name: string, otherwise: string]>> = {
  input: ['value-0', '#1f5fc4'],
  target: ['muted', '#57606a'],
  output: ['value-1', '#a64400'],
};

/** Where something is drawn. */
interface Box {
  readonly top: number;
  readonly height: number;
  /** Of a step. */
  readonly width: number;
}

/** A sequence, step by step from left to right: what came, what was asked, what was given, and which inputs moved that. */
export class Picture {
  readonly canvas: HTMLCanvasElement;
  private view: View | undefined;

  /** @param onAsked  told of the step that somebody points at */
  constructor(canvas: HTMLCanvasElement, onAsked: (step: number) => void) {
    this.canvas = canvas;
    canvas.addEventListener('pointerdown', ({ offsetX }) => {
      const step = Math.floor((offsetX - GUTTER) / this.stepWidth);
      if (this.view && step >= 0 && step < this.view.influence.length) onAsked(step);
    });
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  show(view: View | undefined): void {
    this.view = view;
    this.draw();
  }

  draw(): void {
    const { canvas, view } = this;
    const scale = devicePixelRatio;
    canvas.width = Math.round(canvas.clientWidth * scale);
    canvas.height = Math.round(HEIGHT * scale);
    const context = canvas.getContext('2d')!;
    context.scale(scale, scale);
    if (view) new Drawing(context, coloursOf(canvas), this.stepWidth).all(view);
  }

  private get stepWidth(): number {
    return (this.canvas.clientWidth - GUTTER - MARGIN) / (this.view?.influence.length ?? 1);
  }
}

/** What a row takes of the height. */
function heightOf(track: Track): number {
  if (track.kind === 'heat') return Math.max(18, 9 * track.rows.length);
  return track.kind === 'symbols' ? 22 : 64;
}

class Drawing {
  private readonly context: CanvasRenderingContext2D;
  private readonly colour: ReturnType<typeof coloursOf>;
  private readonly width: number;

  constructor(context: CanvasRenderingContext2D, colour: ReturnType<typeof coloursOf>, width: number) {
    this.context = context;
    this.colour = colour;
    this.width = width;
    context.textBaseline = 'middle';
  }

  all({ tracks, influence, asked }: View): void {
    let top = 0;
    for (const track of tracks) {
      const box = { top, height: heightOf(track), width: this.width };
      this.label(track.label, box);
      this.track(track, box);
      top += box.height + GAP;
    }
    const height = HEIGHT - AXIS - top;
    this.influence(influence, { top, height, width: this.width });
    this.axis(influence.length);
    this.context.strokeStyle = this.colour('accent', '#3451b2');
    this.context.lineWidth = 1.5;
    this.context.strokeRect(GUTTER + asked * this.width - 0.5, 0.75, Math.max(3, this.width) + 1, HEIGHT - AXIS - 1);
  }

  private track(track: Track, box: Box): void {
    if (track.kind === 'heat') this.heat(track.rows, box);
    else if (track.kind === 'symbols') this.symbols(track.symbols, track.right, box);
    else this.lines(track.lines, track.range, box);
  }

  private lines(lines: readonly Line[], range: readonly [number, number], box: Box): void {
    this.background(box, lines[0]!.values.length);
    for (const line of lines) this.line(line, range, box);
  }

  private background({ top, height, width }: Box, steps: number): void {
    this.context.fillStyle = this.colour('surface-2', '#f6f7f9');
    this.context.fillRect(GUTTER, top, steps * width, height);
  }

  private label(text: string, { top, height }: Box): void {
    this.context.font = '12px system-ui, sans-serif';
    this.context.textAlign = 'left';
    this.context.fillStyle = this.colour('muted', '#57606a');
    this.context.fillText(text, 0, top + height / 2);
  }

  private heat(rows: readonly Float32Array[], { top, height, width }: Box): void {
    this.background({ top, height, width }, rows[0]!.length);
    this.context.fillStyle = this.colour('value-0', '#1f5fc4');
    const tall = height / rows.length;
    for (const [row, values] of rows.entries()) {
      for (const [step, value] of values.entries()) {
        this.context.globalAlpha = value;
        this.context.fillRect(GUTTER + step * width, top + row * tall, Math.max(1, width - 1), tall - 0.5);
      }
    }
    this.context.globalAlpha = 1;
  }

  /** What is wrong is red and underlined; where there is no room for a character, it is a taller stroke. */
  private symbols(
    symbols: readonly string[],
    right: readonly boolean[] | undefined,
    { top, height, width }: Box,
  ): void {
    const { context } = this;
    this.background({ top, height, width }, symbols.length);
    context.font = `${Math.min(13, width * 1.2)}px ${this.colour('mono', 'monospace')}`;
    context.textAlign = 'center';
    for (const [step, symbol] of symbols.entries()) {
      if (symbol === '') continue;
      const isWrong = right?.[step] === false;
      context.fillStyle = isWrong ? this.colour('error', '#b42318') : this.colour('text', '#24292f');
      const left = GUTTER + step * width;
      if (width >= READABLE) context.fillText(symbol, left + width / 2, top + height / 2 + 1);
      else context.fillRect(left, top + (isWrong ? 0 : height - 6), Math.max(1, width - 1), isWrong ? height : 6);
      if (isWrong && width >= READABLE) context.fillRect(left + 1, top + height - 2, width - 2, 2);
    }
  }

  private line({ label, values }: Line, [low, high]: readonly [number, number], box: Box): void {
    const colour = this.colour(...LINE_COLOURS[label]);
    const isDashed = label === 'target';
    const { context } = this;
    const inset = 5;
    const xOf = (step: number): number => GUTTER + (step + 0.5) * box.width;
    const yOf = (value: number): number => {
      const share = Math.min(1.05, Math.max(-0.05, (value - low) / (high - low)));
      return box.top + box.height - inset - share * (box.height - 2 * inset);
    };
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.lineWidth = 1.5;
    context.setLineDash(isDashed ? [4, 3] : []);
    context.beginPath();
    for (const [step, value] of values.entries()) {
      if (Number.isNaN(value)) continue;
      context.lineTo(xOf(step), yOf(value));
    }
    context.stroke();
    context.setLineDash([]);
    const last = values.length - 1;
    context.beginPath();
    context.arc(xOf(last), yOf(values[last]!), isDashed ? 4 : 2.5, 0, 2 * Math.PI);
    if (isDashed) context.stroke();
    else context.fill();
  }

  private influence(norms: Float32Array, box: Box): void {
    const { context } = this;
    const { top, height, width } = box;
    this.background(box, norms.length);
    const most = Math.max(...norms);
    context.font = '11px system-ui, sans-serif';
    context.textAlign = 'right';
    for (let decade = 0; decade < DECADES; decade++) {
      const y = top + (decade / DECADES) * height;
      context.fillStyle = this.colour('line', '#dfe2e6');
      context.fillRect(GUTTER, y, norms.length * width, 1);
      context.fillStyle = this.colour('muted', '#57606a');
      context.fillText(decade === 0 ? 'most' : `1/${10 ** decade}`, GUTTER - 6, y + (decade === 0 ? 7 : 0));
    }
    context.fillStyle = this.colour('value-2', '#147a3d');
    for (const [step, norm] of norms.entries()) {
      const share = 1 + Math.log10(norm / most) / DECADES;
      if (!(share > 0)) continue;
      context.fillRect(GUTTER + step * width, top + (1 - share) * height, Math.max(1, width - 1), share * height);
    }
  }

  /** The numbers of steps, as many as have room. */
  private axis(steps: number): void {
    const every = [1, 2, 5, 10, 20, 50, 100].find((count) => count * this.width >= 26) ?? steps;
    this.context.font = '11px system-ui, sans-serif';
    this.context.textAlign = 'center';
    this.context.fillStyle = this.colour('muted', '#57606a');
    for (let step = every; step <= steps; step += every) {
      this.context.fillText(`${step}`, GUTTER + (step - 0.5) * this.width, HEIGHT - AXIS / 2 + 1);
    }
  }
}

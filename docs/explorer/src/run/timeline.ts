import { element } from '../page/element.ts';
import { ChannelStrip } from './channel-strip.ts';
import { scaleIn } from './colours.ts';
import { HeatMap } from './heat-map.ts';
import type { Unit } from './lines.ts';
import type { Opened, Stepped, Value } from './protocol.ts';
import { Channel, PERIOD } from './sequence.ts';

/** Channels and values one below the other over the same steps, with a mark at the next one. */
export class Timeline {
  readonly part: HTMLElement;
  private readonly taken = element('div', 'ex-run-strips', { role: 'group', 'aria-label': 'Inputs over time' });
  private readonly computed = element('div', 'ex-run-strips', {
    tabindex: '0', // keys can scroll it
    role: 'group',
    'aria-label': 'Values over time',
  });
  private maps: readonly HeatMap[] = [];
  private values: readonly Value[] = [];
  private inputs: readonly { readonly width: number; readonly channels: readonly Channel[] }[] = [];
  private strips: readonly ChannelStrip[] = [];

  constructor() {
    this.part = element('div', 'ex-run-timeline', {}, this.taken, this.computed, legend());
  }

  /**
   * What a cell takes and computes.
   *
   * @param inputs   its channels as the address has them
   * @param onInput  told of a change of a channel
   */
  show({ inputs, values }: Opened, texts: readonly string[], onInput: () => void, onUnit: (unit: Unit) => void): void {
    let index = 0;
    this.inputs = inputs.map(({ width }) => ({
      width,
      channels: Array.from({ length: width }, () => new Channel(index, texts[index++])),
    }));
    this.strips = inputs.flatMap(({ name, width }, i) =>
      this.inputs[i]!.channels.map((channel, at) => {
        return new ChannelStrip(width === 1 ? name : `${name}[${at}]`, channel, onInput);
      }),
    );
    this.values = values;
    const scale = scaleIn(this.part);
    this.maps = values.map((value) => new HeatMap(value, scale, (unit) => onUnit({ name: value.name, unit })));
    this.taken.replaceChildren(...this.strips.map(({ row }) => row));
    this.computed.replaceChildren(...this.maps.map(({ row }) => row));
  }

  /** The channels as the address has them; nothing where nobody has changed any. */
  get text(): string | undefined {
    const channels = this.inputs.flatMap((input) => input.channels);
    return channels.every(({ isUsual }) => isUsual) ? undefined : channels.map(({ text }) => text).join('.');
  }

  /** What the inputs are from a step on, rows one after the other. */
  rows(from: number, steps: number): readonly Float32Array[] {
    return this.inputs.map(({ width, channels }) =>
      Float32Array.from({ length: steps * width }, (_, at) => {
        return channels[at % width]!.values[(from + Math.floor(at / width)) % PERIOD]!;
      }),
    );
  }

  /** The values of some steps from one on. */
  set(from: number, steps: number, values: Stepped['values']): void {
    for (const [i, map] of this.maps.entries()) {
      const { width } = this.values[i]!;
      for (let step = 0; step < steps; step++) {
        map.set((from + step) % PERIOD, values[i]!.subarray(step * width, (step + 1) * width));
      }
    }
    this.mark(from + steps);
  }

  clear(): void {
    for (const map of this.maps) map.clear();
    this.mark(0);
  }

  /** Says in words what is seen, once it stands still. */
  describe(): void {
    for (const map of this.maps) map.describe();
  }

  redraw(): void {
    const scale = scaleIn(this.part);
    for (const map of this.maps) map.redraw(scale);
    for (const strip of this.strips) strip.draw();
  }

  /** A unit over the steps; null where it is not computed yet. */
  numbers({ name, unit }: Unit): readonly (number | null)[] {
    const index = this.values.findIndex((value) => value.name === name);
    const { width } = this.values[index]!;
    const { history } = this.maps[index]!;
    return Array.from({ length: PERIOD }, (_, t) => {
      const value = history[t * width + unit]!;
      return Number.isFinite(value) ? value : null;
    });
  }

  private mark(t: number): void {
    this.part.style.setProperty('--ex-run-now', `${(t % PERIOD) / PERIOD}`);
  }
}

/** What the colours of the maps say. */
function legend(): HTMLElement {
  const ends = ['−', '0', '+'].map((text) => element('span', '', {}, text));
  const scale = element('div', 'ex-run-legend', {}, ...ends);
  return element('div', 'ex-run-row', {}, element('div', 'ex-run-label ex-run-units', {}, 'colours'), scale);
}

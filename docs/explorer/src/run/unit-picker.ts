import { element } from '../page/element.ts';
import type { Unit } from './lines.ts';
import type { Value } from './protocol.ts';

/** Chooses a unit of a value by keyboard. */
export class UnitPicker {
  readonly part: HTMLElement;
  private readonly value = element('select', 'ex-select', { 'aria-label': 'Value' });
  private readonly unit = element('input', 'ex-run-size', {
    type: 'number',
    min: '0',
    value: '0',
    'aria-label': 'Unit',
  });
  private values: readonly Value[] = [];

  constructor(onPick: (unit: Unit) => void) {
    const add = element('button', 'ex-button', { type: 'button' }, 'Show as a line');
    add.addEventListener('click', () => onPick({ name: this.value.value, unit: this.unit.valueAsNumber || 0 }));
    for (const field of [this.value, this.unit]) field.addEventListener('change', () => this.bound());
    this.part = element('div', 'ex-run-picker', {}, this.value, this.unit, add);
  }

  show(values: readonly Value[]): void {
    const kept = values.some(({ name }) => name === this.value.value) ? this.value.value : values.at(-1)!.name;
    this.values = values;
    this.value.replaceChildren(...values.map(({ name }) => element('option', '', { value: name }, name)));
    this.value.value = kept;
    this.bound();
  }

  /** Keeps to the units that there are. */
  private bound(): void {
    const most = this.values.find(({ name }) => name === this.value.value)!.width - 1;
    this.unit.max = `${most}`;
    this.unit.value = `${Math.min(most, Math.max(0, Math.round(this.unit.valueAsNumber || 0)))}`;
  }
}

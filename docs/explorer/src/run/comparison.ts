import { element } from '../page/element.ts';
import type { Opened, Stepped } from './protocol.ts';

/** Who computes the cell, how fast, and how many of its numbers have been compared. */
export class Comparison {
  readonly table: HTMLTableElement;
  private readonly body = element('tbody', '');
  private totals: { numbers: number; different: number }[] = [];
  private cells: { readonly speed: HTMLElement; readonly numbers: HTMLElement; readonly different: HTMLElement }[] = [];

  constructor() {
    const heads = ['Computed by', 'Steps per second', 'Numbers compared', 'With other bits'];
    const head = element('tr', '', {}, ...heads.map((text) => element('th', '', { scope: 'col' }, text)));
    this.table = element('table', 'ex-run-comparison', {}, element('thead', '', {}, head), this.body);
  }

  show({ runners }: Opened): void {
    this.totals = runners.slice(1).map(() => ({ numbers: 0, different: 0 }));
    this.cells = runners.map(() => ({
      speed: element('td', '', {}, '…'),
      numbers: element('td', '', {}, '0'),
      different: element('td', '', {}, '0'),
    }));
    const rows = runners.map(({ name, about }, i) => {
      const { speed, numbers, different } = this.cells[i]!;
      const head = element('th', '', { scope: 'row' }, name, element('span', 'ex-run-comment', {}, about));
      const compared = i === 0 ? [element('td', '', { colspan: '2' }, 'what is shown')] : [numbers, different];
      return element('tr', '', {}, head, speed, ...compared);
    });
    this.body.replaceChildren(...rows);
  }

  add(compared: Stepped['compared']): void {
    for (const [i, { numbers, different }] of compared.entries()) {
      const total = this.totals[i]!;
      total.numbers += numbers;
      total.different += different;
      const cells = this.cells[i + 1]!;
      cells.numbers.textContent = grouped(total.numbers);
      cells.different.textContent = grouped(total.different);
      cells.different.classList.toggle('ex-run-wrong', total.different > 0);
    }
  }

  showSpeeds(stepsPerSecond: readonly number[]): void {
    for (const [i, speed] of stepsPerSecond.entries()) {
      this.cells[i]!.speed.textContent = grouped(Number(speed.toPrecision(3)));
    }
  }
}

const grouped = (value: number): string => Math.round(value).toLocaleString('en');

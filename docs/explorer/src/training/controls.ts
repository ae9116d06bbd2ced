import { element } from '../page/element.ts';
import { MOST } from '../run/sizes.ts';
import { kinds } from './tasks/kinds.ts';
import { type Choices, integerIn, kindOf, MOST_SEED, RATES } from './train-settings.ts';

/** Fields for what is trained, and how. */
export class Controls {
  readonly bar: HTMLElement;
  private readonly task = element('select', 'ex-select', {}, ...kinds.map(optionOf));
  private readonly steps = numberField(1);
  private readonly seed = numberField(0);
  private readonly sizes = element('span', 'ex-train-sizes');
  private readonly rate = element('input', '', {
    type: 'range',
    min: `${RATES.least}`,
    max: `${RATES.most}`,
    step: '0.1',
  });
  private readonly rateText = element('output', 'ex-train-rate');
  private choices: Choices;

  /**
   * @param onChange  told of other choices, with which training begins anew
   * @param onRate    told of another learning rate, with which it goes on
   */
  constructor(choices: Choices, onChange: (choices: Choices) => void, onRate: (choices: Choices) => void) {
    this.choices = choices;
    this.bar = element(
      'div',
      'ex-train-bar',
      {},
      labelled('Task', this.task),
      labelled('Steps', this.steps),
      this.sizes,
      labelled('Seed', this.seed),
      labelled('Learning rate', element('span', 'ex-train-slider', {}, this.rate, this.rateText)),
    );
    const change = (to: Partial<Choices>, tell: (choices: Choices) => void): void => {
      this.show({ ...this.choices, ...to });
      tell(this.choices);
    };
    this.task.addEventListener('change', () => {
      const { name, steps } = kindOf(this.task.value);
      change({ task: name, steps: steps.usual }, onChange);
    });
    this.steps.addEventListener('change', () => change({ steps: this.within(this.steps) }, onChange));
    this.seed.addEventListener('change', () => change({ seed: this.within(this.seed) }, onChange));
    this.rate.addEventListener('input', () => change({ learningRate: rateAt(Number(this.rate.value)) }, onRate));
    this.sizes.addEventListener('change', ({ target }) => {
      const field = target as HTMLInputElement;
      const size = this.within(field);
      field.value = `${size}`;
      change({ sizes: { ...this.choices.sizes, [field.dataset['name']!]: size } }, onChange);
    });
    this.show(choices);
  }

  /** Shows choices as they are. */
  show(choices: Choices): void {
    this.choices = choices;
    const { steps } = kindOf(choices.task);
    this.task.value = choices.task;
    Object.assign(this.steps, { min: `${steps.least}`, max: `${steps.most}`, value: `${choices.steps}` });
    this.steps.disabled = steps.least === steps.most;
    Object.assign(this.seed, { max: `${MOST_SEED}`, value: `${choices.seed}` });
    this.rate.value = `${Math.log10(choices.learningRate)}`;
    this.rateText.value = `${choices.learningRate}`;
    this.rate.setAttribute('aria-valuetext', this.rateText.value);
  }

  /** Shows fields for the sizes of a cell; one in which somebody writes stays as it is. */
  showSizes(sizes: Readonly<Record<string, number>>): void {
    const fields = [...this.sizes.querySelectorAll('input')];
    const names = Object.keys(sizes);
    if (fields.map(({ dataset }) => dataset['name']).join() !== names.join()) {
      this.sizes.replaceChildren(...names.map((name) => labelled(`Size ${name}`, sizeField(name))));
    }
    for (const field of this.sizes.querySelectorAll<HTMLInputElement>('input:not(:focus)')) {
      field.value = `${sizes[field.dataset['name']!]}`;
    }
  }

  private within({ value, min, max, defaultValue }: HTMLInputElement): number {
    return integerIn(value, Number(min), Number(max), Number(defaultValue));
  }
}

const optionOf = ({ name, title }: { readonly name: string; readonly title: string }): HTMLOptionElement =>
  element('option', '', { value: name }, title);

const labelled = (text: string, field: HTMLElement): HTMLElement =>
  element('label', 'ex-train-field', {}, element('span', 'ex-train-label', {}, text), field);

const numberField = (least: number): HTMLInputElement =>
  element('input', 'ex-train-number', { type: 'number', min: `${least}`, value: `${least}`, inputmode: 'numeric' });

function sizeField(name: string): HTMLInputElement {
  const field = numberField(1);
  field.max = `${MOST}`;
  field.dataset['name'] = name;
  return field;
}

/** Two digits of a power of ten. */
const rateAt = (exponent: number): number => Number((10 ** exponent).toPrecision(2));

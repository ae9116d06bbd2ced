import type { Block, Buffer, Declaration, Parameter, Plan, PlanPhase } from '@congruent/codegen';
import { functionOf, taken, typed, wordsIn } from './code.ts';
import type { Element } from './element.ts';
import { memoryParameters } from './memory.ts';
import { codeOf, finishOf } from './stages.ts';

/** A call of a function for all rows, or for the rows of one step. */
export interface Call {
  readonly kind: PlanPhase['kind'];
  /** @param rows  how many there are, of which `first` is the first one of the sequence */
  text(first: string, rows: string): string;
}

/** Parameters for the arrays of buffers. */
export const vectors = (buffers: readonly Buffer[]): readonly Parameter[] => typed('Vector', ...namesOf(buffers));

const DOCS: Readonly<Record<Call['kind'], string>> = {
  rows: 'For the rows of all steps at once: what no step needs to wait for.',
  steps: 'One step of `batch` rows, of which the first is row `first` of the sequence; overwrites what it hands on.',
};

const LOOPS: Readonly<Record<Call['kind'], string>> = {
  rows: 'for (let row = 0; row < rows; row++) {',
  steps: 'for (let row = first; row < first + batch; row++) {',
};

/** The functions of one direction that work on rows: one for each phase, and one for the sums over all rows. */
export class Phases {
  readonly declarations: Declaration[] = [];
  private readonly plan: Plan;
  private readonly element: Element;
  private readonly names = new Map<string, string>();

  constructor(plan: Plan, element: Element) {
    this.plan = plan;
    this.element = element;
  }

  /** The calls of these phases; functions with the same code are one. */
  calls(phases: readonly PlanPhase[], names: Readonly<Record<Call['kind'], string>>): readonly Call[] {
    return phases
      .filter(({ stages }) => stages.length > 0)
      .map(({ kind, stages }) => {
        const code = stages.flatMap((stage) => codeOf(stage, this.element));
        return this.call(kind, names[kind], DOCS[kind], [LOOPS[kind], code, '}']);
      });
  }

  /** The call of what follows from all rows, if anything does. */
  finish(name: string): readonly Call[] {
    if (this.plan.finish.length === 0) return [];
    const code = finishOf(this.plan, this.element);
    return [this.call('rows', name, 'The gradients of the parameters: sums over the rows of all steps.', code)];
  }

  /** Calls for a whole sequence. */
  overSequence(calls: readonly Call[]): Block {
    const backwards = this.plan.direction === 'forwards' ? 'reverse' : '!reverse';
    const lines = calls.map(({ kind, text }) =>
      kind === 'rows'
        ? `${text('0', 'rows')};`
        : `eachStep(batchSizes, ${backwards}, (first, batch) => ${text('first', 'batch')});`,
    );
    const ofRows = calls.some(({ kind }) => kind === 'rows');
    return ofRows ? ['const rows = rowsIn(batchSizes);', ...lines] : lines;
  }

  private call(kind: Call['kind'], wish: string, doc: string, code: Block): Call {
    const { inputs, carries, outputs, residuals, gradients, weights, scratch, dimensions } = this.plan;
    const words = wordsIn(code);
    const operands = [...inputs, ...carries, ...outputs, ...(residuals ? [residuals] : []), ...gradients];
    const used = operands.filter(({ name }) => words.has(name));
    const key = JSON.stringify(code);
    const name = this.names.get(key) ?? this.fresh(wish);
    if (!this.names.has(key)) {
      this.names.set(key, name);
      const count = typed('number', ...(kind === 'rows' ? ['rows'] : ['first', 'batch']));
      const body = taken('weights', [...dimensions, ...namesOf(weights)], taken('scratch', namesOf(scratch), code));
      this.declarations.push(
        functionOf(doc, name, [...memoryParameters(this.plan), ...count, ...vectors(used)], 'void', body),
      );
    }
    return {
      kind,
      text: (first, rows) => {
        const range = kind === 'rows' ? [rows] : [first, rows];
        return `${name}(${['weights', 'scratch', ...range, ...namesOf(used)].join(', ')})`;
      },
    };
  }

  /** The wished name, or with a number that tells further ones apart. */
  private fresh(wish: string): string {
    const known = [...this.names.values()].filter((name) => name.replace(/\d+$/, '') === wish).length;
    return known === 0 ? wish : `${wish}${known + 1}`;
  }
}

const namesOf = (buffers: readonly Buffer[]): readonly string[] => buffers.map(({ name }) => name);

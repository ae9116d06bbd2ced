import type { Shape } from '@congruent/spec';
import type { Reference } from '../ir/expression.ts';
import type { Schedule, Stage } from '../schedule/schedule.ts';
import type { Constants } from './constants.ts';
import { sizeOf, total } from './extent.ts';
import { buffersName, type Memory, viewOf, viewsOf } from './memory.ts';
import type { Arguments } from './places.ts';
import type { Buffer, CopyPlan, Rows, Space, View } from './plan.ts';
import { type Uses, usesOf } from './readers.ts';

/** What the kernels of one phase write, and where. */
export interface Work {
  readonly stages: readonly Stage[];
  /** Rows of a buffer that nothing else reads. */
  readonly rows: Rows;
  /** Names with buffers of their own. */
  readonly alone: ReadonlySet<string>;
  /** Names that are read in other phases, or recorded. */
  readonly later: ReadonlySet<string>;
  readonly space: Space;
  /** Where the phase finds values that only it has. */
  readonly local: Map<string, View>;
}

/** Where values of rows lie where every stage writes a buffer of its own. */
export class ApartPlaces {
  readonly arguments: Arguments;
  /** Where values lie for the rows of all steps. */
  readonly views: Map<string, View> = new Map();
  /** Where a step finds the carries. */
  readonly given: Map<string, View> = new Map();
  readonly outputs: Map<string, Buffer> = new Map();
  private readonly schedule: Schedule;
  private readonly memory: Memory;
  private readonly uses: Uses;

  /** @param residuals  backwards, where the plan of the forward pass records them */
  constructor(schedule: Schedule, memory: Memory, residuals: ReadonlyMap<string, View>) {
    this.schedule = schedule;
    this.memory = memory;
    this.uses = usesOf(schedule);
    for (const [name, view] of residuals) this.views.set(name, view);
    const argument = ({ name, shape }: Reference, rows: Rows): Buffer =>
      memory.buffer(buffersName(name), { space: 'argument', rows, width: sizeOf(shape), holds: name });
    const inputs = schedule.inputs.map((input) => {
      const buffer = argument(input, 'sequence');
      this.views.set(input.name, viewOf(buffer, input.shape));
      return buffer;
    });
    const carries = schedule.carries.map(({ given }) => {
      const buffer = argument(given, 'step');
      this.given.set(given.name, viewOf(buffer, given.shape));
      return buffer;
    });
    const outputs = schedule.outputs.map((output) => {
      const buffer = argument(output, 'sequence');
      this.outputs.set(output.name, buffer);
      return buffer;
    });
    this.arguments = { inputs, carries, outputs, residuals: undefined, recorded: [] };
  }

  /** Where a value lies for the rows of all steps. */
  read(name: string): View {
    return this.views.get(name)!;
  }

  /** The carry that each step is given, for the rows of all steps. */
  keep({ name, shape }: Reference, space: Space): CopyPlan {
    const buffer = this.memory.buffer(`each_${buffersName(name)}`, {
      space,
      rows: 'sequence',
      width: sizeOf(shape),
      holds: name,
    });
    this.views.set(name, viewOf(buffer, shape));
    return { kind: 'copy', from: this.given.get(name)!, to: this.views.get(name)! };
  }

  /** The places of values side by side in a new buffer, or of one in that which the caller gives. */
  write(
    values: readonly { readonly name: string; readonly shape: Shape }[],
    wish: string,
    { rows, later, space, local }: Work,
  ): readonly View[] {
    const shapes = values.map(({ shape }) => shape);
    const isLater = values.some(({ name }) => later.has(name));
    const output = values.length === 1 ? this.outputs.get(values[0]!.name) : undefined;
    const buffer =
      output ??
      this.memory.buffer(wish, {
        space: isLater ? space : 'scratch',
        rows: isLater ? 'sequence' : rows,
        width: total(shapes),
        holds: values.map(({ name }) => name).join(', '),
      });
    const views = viewsOf(buffer, shapes);
    for (const [index, { name }] of values.entries()) {
      local.set(name, views[index]!);
      if (buffer.rows === 'sequence') this.views.set(name, views[index]!);
    }
    return views;
  }

  /** Where a phase finds a value. */
  readIn(name: string, { local }: Work, constants: Constants): View {
    return constants.has(name) ? constants.kept(name) : (local.get(name) ?? this.read(name));
  }

  /** Whether a loop over time hands a carry on. */
  isLooped(given: string): boolean {
    return this.uses.definedIn(given) !== undefined;
  }

  /** Whether anything but its own phase reads a value, or its last one is wanted. */
  isLater(name: string, phase: number): boolean {
    const isLast = this.schedule.carries.some(({ given, next }) => next.name === name && !this.isLooped(given.name));
    return isLast || [...this.uses.readIn(name)].some((reader) => reader !== phase);
  }
}

import type { Shape } from '@congruent/spec';
import { type Carry, referenceTo } from '../ir/definition.ts';
import { type Reference, reference } from '../ir/expression.ts';
import { append } from '../ir/lists.ts';
import {
  definitionsIn,
  type RowPhase,
  type Schedule,
  type Stage,
  sectionsOf,
  stagesIn,
  valuesOf,
} from '../schedule/schedule.ts';
import { isCopied } from './contract.ts';
import { type Extent, up } from './extent.ts';
import { buffersName, type Memory } from './memory.ts';
import type { Buffer, Rows, Target, View } from './plan.ts';
import { AFTER, type Uses, usesOf } from './readers.ts';

/** The buffers that a caller gives. */
export interface Arguments {
  readonly inputs: readonly Buffer[];
  readonly carries: readonly Buffer[];
  readonly outputs: readonly Buffer[];
  readonly residuals: Buffer | undefined;
  readonly recorded: readonly Buffer[];
}

/** Where every value of rows lies, and where the phases write it. */
export class Places {
  readonly arguments: Arguments;
  private readonly schedule: Schedule;
  private readonly target: Target;
  private readonly memory: Memory;
  private readonly phases: readonly RowPhase[];
  readonly uses: Uses;
  private readonly shapes: ReadonlyMap<string, Shape>;
  /** Next values that no loop hands on: who wants the last one reads them. */
  private readonly lasts: ReadonlySet<string>;
  /** All places of a value, that it is read from first. */
  private readonly all = new Map<string, View[]>();
  /** Where each step finds the carries. */
  private readonly carries = new Map<string, View>();
  /** The operands of products that are several vectors one below the other, by the product's name. */
  private readonly stacks = new Map<string, readonly View[]>();

  constructor(schedule: Schedule, target: Target, memory: Memory) {
    this.schedule = schedule;
    this.target = target;
    this.memory = memory;
    this.phases = sectionsOf(schedule).rows;
    this.uses = usesOf(schedule);
    this.shapes = new Map(valuesOf(schedule).map(({ name, shape }) => [name, shape]));
    const { carries } = schedule;
    this.lasts = new Set(carries.filter((carry) => !this.uses.isLooped(carry)).map(({ next }) => next.name));
    this.placeStacks();
    this.arguments = this.placeArguments();
    for (const stage of stagesIn(this.phases)) this.placeResults(stage);
  }

  /** Where a phase reads a value. */
  read(name: string, phase: number): View {
    const places = this.all.get(name)!.filter(({ buffer }) => this.isKept(buffer));
    const { definedIn } = this.uses;
    return places.find(({ buffer }) => definedIn(name) === phase || this.isForOthers(buffer)) ?? places[0]!;
  }

  /** Where a map stores a value that it computes, or one that its phase is given. */
  writes(name: string, isGiven: boolean): readonly View[] {
    const places = this.all.get(name)!.filter(({ buffer }) => buffer.space !== 'residual');
    return isGiven ? places.filter(({ buffer }) => buffer.space === 'scratch') : places;
  }

  /** Where a value is recorded. */
  recorded(name: string): readonly View[] {
    return this.all.get(name)!.filter(({ buffer }) => buffer.space === 'residual');
  }

  /** The places of the vectors of a product's operand; undefined where that is one vector, where it lies. */
  stack(product: string): readonly View[] | undefined {
    return this.stacks.get(product);
  }

  /** Whether the loop over time writes a carry's next value where its value lies; otherwise it is copied at the end. */
  inPlace({ given, next }: Carry): boolean {
    const { uses } = this;
    const at = uses.stageOf(next.name)!;
    return this.phases[uses.definedIn(next.name)!]!.stages[at]!.kind === 'map' && uses.lastReader(given.name) <= at;
  }

  /** Where each step finds a carry. */
  carried(given: string): View {
    return this.carries.get(given)!;
  }

  private put(name: string, view: View): void {
    append(this.all, name, view);
  }

  /** Recorded values may lie nowhere when nothing is recorded, so forwards nothing is read from there. */
  private isKept({ space }: Buffer): boolean {
    return this.schedule.direction === 'backwards' || space !== 'residual';
  }

  private isForOthers({ rows }: Buffer): boolean {
    return rows === 'sequence' || rows === 'chunk';
  }

  private placeArguments(): Arguments {
    const { inputs, carries, outputs, residuals, direction } = this.schedule;
    const given = (value: Reference, rows: Rows): View => {
      const view = this.memory.value(buffersName(value.name), value, { space: 'argument', rows });
      this.put(value.name, view);
      return view;
    };
    const buffersOf = (views: readonly View[]): readonly Buffer[] => views.map(({ buffer }) => buffer);
    const rows = inputs.map((input) => given(input, 'sequence'));
    for (const carry of carries) this.carries.set(carry.given.name, given(carry.given, 'step'));
    const inPlace = carries.filter((carry) => this.uses.isLooped(carry) && this.inPlace(carry));
    for (const { given: before, next } of inPlace) this.put(next.name, this.carried(before.name));
    const written = outputs.map((output) => given(output, 'sequence'));
    const recorded = this.placeResiduals(residuals, direction);
    return {
      inputs: buffersOf(rows),
      carries: buffersOf([...this.carries.values()]),
      outputs: buffersOf(written),
      residuals: recorded,
      recorded: recorded ? [recorded] : [],
    };
  }

  private placeResiduals(residuals: readonly Reference[], direction: Schedule['direction']): Buffer | undefined {
    if (residuals.length === 0) return undefined;
    const views = this.memory.values('residuals', residuals, { space: 'residual', rows: 'sequence' });
    residuals.forEach(({ name }, index) => {
      if (direction === 'forwards' || !this.all.has(name)) this.put(name, views[index]!);
    });
    return views[0]!.buffer;
  }

  /** Room for the operands of products with several vectors, in which those are written at once. */
  private placeStacks(): void {
    this.phases.forEach(({ stages }, phase) => {
      for (const { name, value } of definitionsIn(stages)) {
        if (value.kind !== 'transposed' || value.vectors.length === 1) continue;
        const local = value.vectors.every((vector) => this.isLocal(vector.name, phase));
        const rows = local ? this.localRows(phase) : 'sequence';
        const views = this.memory.values(`into_${name}`, value.vectors, { space: 'scratch', rows });
        this.stacks.set(name, views);
        for (const [index, vector] of value.vectors.entries()) this.put(vector.name, views[index]!);
      }
    });
  }

  private placeResults(stage: Stage): void {
    const { definitions } = stage;
    if (stage.kind === 'map' || stage.definitions.some(({ value }) => isCopied(value))) {
      const names = stage.kind === 'map' ? stage.stores : definitions.map(({ name }) => name);
      for (const name of names) this.placeOwn(name, (of) => up(of, this.target.lanes ?? 1));
      return;
    }
    const { name, value } = definitions[0]!;
    const hasPlace = (this.all.get(name) ?? []).some(({ buffer }) => this.isKept(buffer));
    if (definitions.length === 1 && this.target.packed === undefined && hasPlace) {
      this.placeOwn(name, (of) => of);
      return;
    }
    const rows = definitions.map((each) => this.rowsFor(each.name)).reduce(longest);
    const wish = value.kind === 'product' ? `W${value.vector.name}` : `whole_${name}`;
    const width = this.target.packed;
    const views = this.memory.values(wish, definitions.map(referenceTo), { space: 'scratch', rows, width });
    definitions.forEach((each, index) => {
      const places = this.all.get(each.name) ?? [];
      this.all.set(each.name, [views[index]!, ...places]);
    });
  }

  /** A buffer of its own for a value that has no place where all can read it. */
  private placeOwn(name: string, width: (of: Extent) => Extent): void {
    const places = (this.all.get(name) ?? []).filter(({ buffer }) => this.isKept(buffer));
    const others = this.isReadByOthers(name);
    if (places.length > 0 && (!others || places.some(({ buffer }) => this.isForOthers(buffer)))) return;
    const value = reference(name, this.shapes.get(name)!);
    const rows = this.rowsFor(name);
    this.put(name, this.memory.value(buffersName(name), value, { space: 'scratch', rows, width }));
  }

  /** The rows that the buffer of a value needs: as few as its readers allow. */
  private rowsFor(name: string): Rows {
    const phase = this.uses.definedIn(name)!;
    if (!this.isReadByOthers(name)) return this.localRows(phase);
    const next = this.phases[phase + 1]?.kind === 'steps' && this.phases[phase]!.kind === 'rows';
    const near = [...this.uses.readIn(name)].every((reader) => reader === phase || reader === phase + 1);
    return this.target.stageByStage && next && near && !this.lasts.has(name) ? 'chunk' : 'sequence';
  }

  private localRows(phase: number): Rows {
    if (!this.target.stageByStage) return 'one';
    return this.phases[phase]!.kind === 'steps' ? 'step' : 'chunk';
  }

  private isLocal(name: string, phase: number): boolean {
    return this.uses.definedIn(name) === phase && !this.isReadByOthers(name);
  }

  /** Whether anything but its own phase reads a value: another one, sums, or who wants the last state. */
  private isReadByOthers(name: string): boolean {
    const phase = this.uses.definedIn(name);
    return this.lasts.has(name) || [...this.uses.readIn(name)].some((reader) => reader !== phase || reader === AFTER);
  }
}

const ORDER: readonly Rows[] = ['one', 'step', 'chunk', 'sequence'];

const longest = (left: Rows, right: Rows): Rows => (ORDER.indexOf(left) > ORDER.indexOf(right) ? left : right);

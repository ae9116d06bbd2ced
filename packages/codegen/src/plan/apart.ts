import { alive, type Carry, readBy, referenceTo } from '../ir/definition.ts';
import { type Contraction, type Reference, reference } from '../ir/expression.ts';
import { stemOf } from '../ir/names.ts';
import {
  type ContractStage,
  definitionsIn,
  type RowPhase,
  type Schedule,
  type Stage,
  sectionsOf,
  stagesIn,
} from '../schedule/schedule.ts';
import { stagesFor } from '../schedule/stages.ts';
import type { Constants } from './constants.ts';
import { isCopied, planContraction, sliceOf } from './contract.ts';
import { gathered } from './gather.ts';
import { type Kernel, kernelsOf, type MapKernel, vectorsOf } from './kernels.ts';
import { buffersName, copyOf, type Memory } from './memory.ts';
import type { Arguments } from './places.ts';
import type {
  Buffer,
  ContractPlan,
  CopyPlan,
  FusedProduct,
  MapPlan,
  PlanPhase,
  PlanStage,
  Rows,
  Space,
  View,
} from './plan.ts';
import { readsOf, type Uses, usesOf } from './readers.ts';

/** What the kernels of one phase write, and where. */
interface Work {
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

/** The phases of rows where every stage writes a buffer of its own: `Target.apart`. */
export class Apart {
  readonly arguments: Arguments;
  readonly phases: readonly PlanPhase[];
  private readonly schedule: Schedule;
  private readonly constants: Constants;
  private readonly memory: Memory;
  private readonly uses: Uses;
  private readonly rows: readonly RowPhase[];
  /** Carries that no loop hands on. */
  private readonly lasts: readonly Carry[];
  /** Where values lie for the rows of all steps. */
  private readonly views: Map<string, View>;
  /** Where a step finds the carries. */
  private readonly given = new Map<string, View>();
  private readonly outputs = new Map<string, View>();
  private readonly buffers: number;

  /**
   * @param residuals  backwards, where the plan of the forward pass records them
   * @param buffers    how many a kernel may read
   */
  constructor(
    schedule: Schedule,
    constants: Constants,
    memory: Memory,
    residuals: ReadonlyMap<string, View>,
    buffers: number | undefined,
  ) {
    this.buffers = buffers ?? Number.POSITIVE_INFINITY;
    this.schedule = schedule;
    this.constants = constants;
    this.memory = memory;
    this.uses = usesOf(schedule);
    this.rows = sectionsOf(schedule).rows;
    this.lasts = schedule.carries.filter((carry) => !this.uses.isLooped(carry));
    this.views = new Map(residuals);
    const argument = (value: Reference, rows: Rows, places: Map<string, View>): Buffer => {
      const view = memory.value(buffersName(value.name), value, { space: 'argument', rows });
      places.set(value.name, view);
      return view.buffer;
    };
    const inputs = schedule.inputs.map((input) => argument(input, 'sequence', this.views));
    const carries = schedule.carries.map(({ given }) => argument(given, 'step', this.given));
    const outputs = schedule.outputs.map((output) => argument(output, 'sequence', this.outputs));
    const phases = [...this.rows.map((phase, index) => this.phase(phase, index)), ...this.lastStates()];
    this.phases = schedule.direction === 'forwards' ? this.recording(phases) : phases;
    const recorded = [...new Set([...this.residuals.values()].map(({ buffer }) => buffer))];
    this.arguments = { inputs, carries, outputs, residuals: undefined, recorded };
  }

  /** Where the residuals lie. */
  get residuals(): ReadonlyMap<string, View> {
    return new Map(this.schedule.residuals.map(({ name }) => [name, this.read(name)]));
  }

  /** Where a value lies for the rows of all steps. */
  read(name: string): View {
    return this.views.get(name)!;
  }

  private phase(phase: RowPhase, index: number): PlanPhase {
    const { kind, stages } = phase;
    const own = phase.kind === 'steps' ? phase.carries : [];
    const defined = definitionsIn(stages).map(({ name }) => name);
    const later = new Set(
      [...defined, ...own.map(({ given }) => given.name)].filter((name) => this.isLater(name, index)),
    );
    const local = new Map(own.map(({ given }) => [given.name, this.given.get(given.name)!]));
    const nexts = own.map(({ next }) => next.name);
    const alone = new Set([...nexts, ...this.outputs.keys()].filter((name) => defined.includes(name)));
    const planned = this.planned({
      stages,
      rows: kind === 'steps' ? 'step' : 'chunk',
      alone,
      later,
      space: 'scratch',
      local,
    });
    const kept = own.filter(({ given }) => later.has(given.name)).map(({ given }) => this.keep(given, 'scratch'));
    const handedOn = own.map(({ given, next }) => copyOf(local.get(next.name)!, this.given.get(given.name)!));
    return { kind, stages: [...kept, ...planned, ...handedOn] };
  }

  /** The carry that each step is given, for the rows of all steps. */
  private keep(given: Reference, space: Space): CopyPlan {
    const { name } = given;
    const to = this.memory.value(`each_${buffersName(name)}`, given, { space, rows: 'sequence' });
    this.views.set(name, to);
    return copyOf(this.given.get(name)!, to);
  }

  /** The last value of a carry that no loop hands on is that of its last row. */
  private lastStates(): readonly PlanPhase[] {
    const stages = this.lasts.flatMap(({ given, next }): PlanStage[] => {
      const { name, shape } = next;
      const last = this.memory.value(`last_${buffersName(stemOf(name))}`, next, { space: 'scratch', rows: 'step' });
      const map: MapPlan = {
        kind: 'map',
        shape,
        loads: [{ name, from: this.read(name) }],
        definitions: [],
        stores: [{ name, to: last }],
      };
      return [map, copyOf(last, this.given.get(given.name)!)];
    });
    return stages.length > 0 ? [{ kind: 'steps', stages }] : [];
  }

  /** The phases with what they record: carries at each step, and what follows from them for all rows afterwards. */
  private recording(phases: readonly PlanPhase[]): readonly PlanPhase[] {
    const wanted = this.schedule.residuals.filter(({ name }) => !this.views.has(name));
    const values = wanted.map(({ name }) => name).filter((name) => !this.given.has(name));
    const missing = definitionsIn(stagesIn(this.rows)).filter(({ name }) => !this.views.has(name));
    const again = alive(missing, values);
    const read = new Set([...wanted.map(({ name }) => name), ...readBy(again)]);
    const kept = this.rows.map((phase) =>
      (phase.kind === 'steps' ? phase.carries : [])
        .filter(({ given }) => read.has(given.name) && !this.views.has(given.name))
        .map(({ given }) => this.keep(given, 'residual')),
    );
    const stages = this.planned({
      stages: stagesFor(again, new Set(values), new Set()),
      rows: 'chunk',
      alone: new Set(),
      later: new Set(values),
      space: 'residual',
      local: new Map(),
    });
    const recording = phases.map((phase, index) => ({ ...phase, stages: [...(kept[index] ?? []), ...phase.stages] }));
    return stages.length > 0 ? [...recording, { kind: 'rows', records: true, stages }] : recording;
  }

  private planned(work: Work): readonly PlanStage[] {
    const { stages, alone, later } = work;
    const vectors = vectorsOf(stages);
    const defined = definitionsIn(stages).map(({ name }) => name);
    const whole = new Set([...vectors, ...later].filter((name) => defined.includes(name)));
    const order = [...vectors, ...vectorsOf(stagesIn(this.rows)), ...defined];
    const inOrder = [...new Set(order)].filter((name) => whole.has(name));
    return kernelsOf(stages, alone, inOrder).flatMap((kernel) => this.kernel(kernel, work));
  }

  private kernel(kernel: Kernel, work: Work): readonly PlanStage[] {
    const read = (name: string): View => this.readIn(name, work);
    if (kernel.kind === 'contract') {
      const { value } = kernel.definitions[0]!;
      if (isCopied(value)) return [this.copied(kernel, value, work)];
      const wish = value.kind === 'product' ? `W${value.vector.name}` : buffersName(kernel.definitions[0]!.name);
      return [this.contraction(kernel, work, this.write(kernel.definitions.map(referenceTo), wish, work))];
    }
    const products = kernel.products.map((product) => this.fused(product, work));
    const summed = new Set(products.flatMap(({ names }) => names));
    const loads = readsOf(kernel).filter((name) => !summed.has(name));
    const { shape, definitions } = kernel;
    const map = { kind: 'map', shape, loads: loads.map((name) => ({ name, from: read(name) })), definitions } as const;
    const views = this.writeMap(kernel, work);
    const stores = kernel.stores.map((name, index) => ({ name, to: views[index]! }));
    const whole = products.length > 0 ? { ...map, products, stores } : { ...map, stores };
    return gathered(whole, this.buffers, work.rows, this.memory);
  }

  /** A part of a vector, or vectors one after the other, as a buffer of their own. */
  private copied({ definitions }: ContractStage, value: Contraction, work: Work): MapPlan {
    const { name } = definitions[0]!;
    const read = (of: string): View => this.readIn(of, work);
    const { shape } = value;
    const from = value.kind === 'slice' ? sliceOf(read(value.operand.name), value.before, shape) : undefined;
    const parts = value.kind === 'join' ? value.parts.map((part) => read(part.name)) : [];
    const [to] = this.write([reference(name, shape)], buffersName(name), work) as readonly [View];
    const map = { kind: 'map', shape, definitions: [], stores: [{ name, to }] } as const;
    return from ? { ...map, loads: [{ name, from }] } : { ...map, loads: [], joined: [{ name, parts }] };
  }

  private writeMap({ stores, shape, definitions }: MapKernel, work: Work): readonly View[] {
    const shapes = new Map(definitions.map(({ name, value }) => [name, value.shape]));
    const several =
      work.space === 'residual' ? 'residuals' : this.schedule.direction === 'forwards' ? 'values' : 'adjoints';
    const wish = stores.length > 1 || work.space === 'residual' ? several : buffersName(stores[0]!);
    const values = stores.map((name) => reference(name, shapes.get(name) ?? shape));
    return this.write(values, wish, work);
  }

  /** The places of values side by side in a new buffer, or of one in that which the caller gives. */
  private write(values: readonly Reference[], wish: string, { rows, later, space, local }: Work): readonly View[] {
    const isLater = values.some(({ name }) => later.has(name));
    const output = values.length === 1 ? this.outputs.get(values[0]!.name) : undefined;
    const place: Pick<Buffer, 'space' | 'rows'> = isLater ? { space, rows: 'sequence' } : { space: 'scratch', rows };
    const views = output ? [output] : this.memory.values(wish, values, place);
    for (const [index, { name }] of values.entries()) {
      const view = views[index]!;
      local.set(name, view);
      if (view.buffer.rows === 'sequence') this.views.set(name, view);
    }
    return views;
  }

  private fused(product: ContractStage, work: Work): FusedProduct {
    const { kind: _, result: __, ...planned } = this.contraction(product, work, []);
    return { ...planned, names: product.definitions.map(({ name }) => name) };
  }

  private contraction(stage: ContractStage, work: Work, results: readonly View[]): ContractPlan {
    const planned = planContraction(stage, this.constants, {
      read: (name) => this.readIn(name, work),
      results,
      stack: (_, vectors) => {
        const parts = vectors.map(({ name }) => this.readIn(name, work));
        return { operand: parts[0]!, parts: parts.length > 1 ? parts : undefined };
      },
    });
    this.constants.biases.push(...planned.biases);
    return planned.stage as ContractPlan;
  }

  private readIn(name: string, { local }: Work): View {
    const { constants } = this;
    return constants.has(name) ? constants.kept(name) : (local.get(name) ?? this.read(name));
  }

  private isLater(name: string, phase: number): boolean {
    const isLast = this.lasts.some(({ next }) => next.name === name);
    return isLast || [...this.uses.readIn(name)].some((reader) => reader !== phase);
  }
}

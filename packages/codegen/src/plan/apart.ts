import { alive, readBy } from '../ir/definition.ts';
import { stemOf } from '../ir/names.ts';
import { type ContractStage, definitionsIn, type RowPhase, type Schedule, sectionsOf } from '../schedule/schedule.ts';
import { stagesFor } from '../schedule/stages.ts';
import { ApartPlaces, type Work } from './apart-places.ts';
import type { Constants } from './constants.ts';
import { planContraction } from './contract.ts';
import { sizeOf } from './extent.ts';
import { type Kernel, kernelsOf, type MapKernel, vectorsOf } from './kernels.ts';
import { buffersName, type Memory, viewOf } from './memory.ts';
import type { Arguments } from './places.ts';
import type { ContractPlan, CopyPlan, FusedProduct, MapPlan, PlanPhase, PlanStage, View } from './plan.ts';
import { readsOf } from './readers.ts';

/** The phases of rows where every stage writes a buffer of its own: `Target.apart`. */
export class Apart {
  readonly arguments: Arguments;
  readonly phases: readonly PlanPhase[];
  private readonly schedule: Schedule;
  private readonly constants: Constants;
  private readonly memory: Memory;
  private readonly places: ApartPlaces;
  private readonly rows: readonly RowPhase[];
  private readonly biases: CopyPlan[];

  /**
   * @param residuals  backwards, where the plan of the forward pass records them
   * @param biases     takes the copies that make biases when weights are made
   */
  constructor(
    schedule: Schedule,
    constants: Constants,
    memory: Memory,
    residuals: ReadonlyMap<string, View>,
    biases: CopyPlan[],
  ) {
    this.schedule = schedule;
    this.constants = constants;
    this.memory = memory;
    this.biases = biases;
    this.rows = sectionsOf(schedule).rows;
    this.places = new ApartPlaces(schedule, memory, residuals);
    const phases = [...this.rows.map((phase, index) => this.phase(phase, index)), ...this.lastStates()];
    this.phases = schedule.direction === 'forwards' ? this.recording(phases) : phases;
    const recorded = [...new Set([...this.residuals.values()].map(({ buffer }) => buffer))];
    this.arguments = { ...this.places.arguments, recorded };
  }

  /** Where a value lies for the rows of all steps. */
  read(name: string): View {
    return this.places.read(name);
  }

  /** Where the residuals lie. */
  get residuals(): ReadonlyMap<string, View> {
    return new Map(this.schedule.residuals.map(({ name }) => [name, this.read(name)]));
  }

  private phase(phase: RowPhase, index: number): PlanPhase {
    const { kind, stages } = phase;
    const own = phase.kind === 'steps' ? phase.carries : [];
    const defined = definitionsIn(stages).map(({ name }) => name);
    const later = new Set(
      [...defined, ...own.map(({ given }) => given.name)].filter((name) => this.places.isLater(name, index)),
    );
    const local = new Map(own.map(({ given }) => [given.name, this.places.given.get(given.name)!]));
    const nexts = own.map(({ next }) => next.name);
    const alone = new Set([...nexts, ...this.places.outputs.keys()].filter((name) => defined.includes(name)));
    const planned = this.planned({
      stages,
      rows: kind === 'steps' ? 'step' : 'chunk',
      alone,
      later,
      space: 'scratch',
      local,
    });
    const kept = own
      .filter(({ given }) => later.has(given.name))
      .map(({ given }) => this.places.keep(given, 'scratch'));
    const handedOn = own.map(({ given, next }): CopyPlan => {
      return { kind: 'copy', from: local.get(next.name)!, to: this.places.given.get(given.name)! };
    });
    return { kind, stages: [...kept, ...planned, ...handedOn] };
  }

  /** The last value of a carry that no loop hands on is that of its last row. */
  private lastStates(): readonly PlanPhase[] {
    const stages = this.schedule.carries.flatMap(({ given, next }): PlanStage[] => {
      if (this.places.isLooped(given.name)) return [];
      const { name, shape } = next;
      const buffer = this.memory.buffer(`last_${buffersName(stemOf(name))}`, {
        space: 'scratch',
        rows: 'step',
        width: sizeOf(shape),
        holds: name,
      });
      const last = viewOf(buffer, shape);
      const map: MapPlan = {
        kind: 'map',
        shape,
        loads: [{ name, from: this.read(name) }],
        definitions: [],
        stores: [{ name, to: last }],
      };
      return [map, { kind: 'copy', from: last, to: this.places.given.get(given.name)! }];
    });
    return stages.length > 0 ? [{ kind: 'steps', stages }] : [];
  }

  /** The phases with what they record: carries at each step, and what follows from them for all rows afterwards. */
  private recording(phases: readonly PlanPhase[]): readonly PlanPhase[] {
    const wanted = this.schedule.residuals.filter(({ name }) => !this.places.views.has(name));
    const values = wanted.map(({ name }) => name).filter((name) => !this.places.given.has(name));
    const missing = definitionsIn(this.rows.flatMap(({ stages }) => stages)).filter(
      ({ name }) => !this.places.views.has(name),
    );
    const again = alive(missing, values);
    const read = new Set([...wanted.map(({ name }) => name), ...readBy(again)]);
    const kept = this.rows.map((phase) =>
      (phase.kind === 'steps' ? phase.carries : [])
        .filter(({ given }) => read.has(given.name) && !this.places.views.has(given.name))
        .map(({ given }) => this.places.keep(given, 'residual')),
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
    const order = [
      ...vectors,
      ...vectorsOf(sectionsOf(this.schedule).rows.flatMap((phase) => phase.stages)),
      ...defined,
    ];
    const inOrder = [...new Set(order)].filter((name) => whole.has(name));
    return kernelsOf(stages, alone, inOrder).flatMap((kernel) => this.kernel(kernel, work));
  }

  private kernel(kernel: Kernel, work: Work): readonly PlanStage[] {
    const read = (name: string): View => this.places.readIn(name, work, this.constants);
    if (kernel.kind === 'contract') {
      const { value } = kernel.definitions[0]!;
      const wish = value.kind === 'product' ? `W${value.vector.name}` : buffersName(kernel.definitions[0]!.name);
      const views = this.places.write(
        kernel.definitions.map(({ name, value: { shape } }) => ({ name, shape })),
        wish,
        work,
      );
      return [this.contraction(kernel, work, views)];
    }
    const products = kernel.products.map((product) => this.fused(product, work));
    const summed = new Set(products.flatMap(({ names }) => names));
    const loads = readsOf(kernel).filter((name) => !summed.has(name));
    const { shape, definitions } = kernel;
    const map = { kind: 'map', shape, loads: loads.map((name) => ({ name, from: read(name) })), definitions } as const;
    const views = this.writeMap(kernel, work);
    const stores = kernel.stores.map((name, index) => ({ name, to: views[index]! }));
    return [products.length > 0 ? { ...map, products, stores } : { ...map, stores }];
  }

  private writeMap({ stores, shape, definitions }: MapKernel, work: Work): readonly View[] {
    const shapes = new Map(definitions.map(({ name, value }) => [name, value.shape]));
    const several =
      work.space === 'residual' ? 'residuals' : this.schedule.direction === 'forwards' ? 'values' : 'adjoints';
    const wish = stores.length > 1 || work.space === 'residual' ? several : buffersName(stores[0]!);
    return this.places.write(
      stores.map((name) => ({ name, shape: shapes.get(name) ?? shape })),
      wish,
      work,
    );
  }

  private fused(product: ContractStage, work: Work): FusedProduct {
    const { kind: _, result: __, ...planned } = this.contraction(product, work, []);
    return { ...planned, names: product.definitions.map(({ name }) => name) };
  }

  private contraction(stage: ContractStage, work: Work, results: readonly View[]): ContractPlan {
    const planned = planContraction(stage, this.constants, {
      read: (name) => this.places.readIn(name, work, this.constants),
      results,
      biased: (copies) => {
        this.biases.push(...copies);
        return [];
      },
      stack: (_, vectors) => {
        const parts = vectors.map(({ name }) => this.places.readIn(name, work, this.constants));
        return { operand: parts[0]!, ...(parts.length > 1 ? { parts } : {}), copies: [] };
      },
    });
    return planned[0] as ContractPlan;
  }
}

import type { Sequence } from '@congruent/runtime';
import { AllRows } from './all-rows.ts';
import type { Dimensions, GpuAdjoint } from './cell.ts';
import type { Plane } from './device.ts';
import { RowStack } from './row-stack.ts';
import { Runner, type StepRows } from './runner.ts';
import type { Planes, Scope } from './scope.ts';
import { stepsOf } from './steps.ts';

/** What a way back finds, on the device. */
export interface Found {
  readonly input: Plane;
  readonly states: readonly Plane[];
  /** The sums over the rows of all steps that the gradients of the parameters are made of. */
  readonly sums: Planes;
}

/** A cell's way back on planes. */
export class WayBack {
  private readonly adjoint: GpuAdjoint;
  private readonly runner: Runner;

  constructor(adjoint: GpuAdjoint, dimensions: Dimensions, scope: Scope) {
    this.adjoint = adjoint;
    this.runner = new Runner(dimensions, scope);
  }

  /**
   * From the adjoints of the outputs and of the last states to those of the operands; all planes given stay.
   *
   * @param known  weights and what was recorded
   */
  async pull(
    known: Planes,
    outputs: Plane,
    last: readonly Plane[],
    sequence: Pick<Sequence<unknown>, 'batchSizes' | 'reverse'>,
  ): Promise<Found> {
    const { adjoint, runner } = this;
    const { states, carried } = await this.steps({ ...known, [adjoint.output]: outputs }, last, sequence);
    const all = new AllRows(runner, outputs.rows, adjoint.sumBlock);
    const planes: Record<string, Plane> = { ...known, ...carried };
    const late = adjoint.after.map(({ result }) => result);
    const sequences = [...adjoint.recorded, ...adjoint.carried];
    Object.assign(planes, await all.run(adjoint.after, planes, sequences, late));
    const sums: Record<string, Plane> = {};
    for (const kernel of adjoint.sums) {
      sums[kernel.result] = await all.sum(kernel, planes, [...sequences, ...late]);
    }
    const input = planes[adjoint.input]!;
    for (const name of [...adjoint.carried, ...late]) if (name !== adjoint.input) runner.scope.release(planes[name]!);
    return { input, states, sums };
  }

  /** All steps, from the last to the first, and the planes of them that are read afterwards, as rows of all steps. */
  private async steps(
    known: Planes,
    last: readonly Plane[],
    sequence: Pick<Sequence<unknown>, 'batchSizes' | 'reverse'>,
  ): Promise<{ states: readonly Plane[]; carried: Planes }> {
    const { adjoint, runner } = this;
    const { scope } = runner;
    const sequences = [adjoint.output, ...adjoint.recorded].filter((name) =>
      adjoint.step.some(({ planes }) => planes.includes(name)),
    );
    const stacks = adjoint.carried.map((name) => [name, new RowStack(scope, !sequence.reverse)] as const);
    let states = last;
    for (const rows of stepsOf(sequence).reverse()) {
      const height = states[0]!.rows;
      const made = await runner.withRows(known, sequences, rows, height, (...given) => this.step(...given, states));
      for (const [name, stack] of stacks) await stack.push({ plane: made[name]!, rows: rows.batch });
      const next = adjoint.states.map((state) => made[state.next]!);
      const owned = new Set([...next, ...adjoint.carried.map((name) => made[name]!)]);
      for (const plane of Object.values(made)) if (!owned.has(plane)) scope.release(plane);
      adjoint.states.forEach((state, index) => {
        const isGiven = states === last || adjoint.carried.includes(state.next);
        if (!isGiven) scope.release(states[index]!);
      });
      states = next;
    }
    const carried: Record<string, Plane> = {};
    for (const [name, stack] of stacks) {
      const state = adjoint.states.findIndex(({ next }) => next === name);
      carried[name] = await stack.finish(states[state]);
    }
    return { states, carried };
  }

  /** The results of one step back, by name. */
  private async step(known: Planes, rows: StepRows, states: readonly Plane[]): Promise<Planes> {
    const { adjoint, runner } = this;
    const incoming = adjoint.states.map(({ name }, index) => [name, states[index]!] as const);
    const planes: Record<string, Plane> = { ...known, ...Object.fromEntries(incoming) };
    const made: Record<string, Plane> = {};
    for (const kernel of adjoint.step) {
      const plane = await runner.run(kernel, planes, states[0]!.rows, rows);
      made[kernel.result] = plane;
      planes[kernel.result] = plane;
    }
    return made;
  }
}

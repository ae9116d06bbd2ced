import type { Tensor } from '@congruent/runtime';
import type { Asked } from './asked.ts';
import { type Held, wantedOf } from './held.ts';
import {
  type Batch,
  type BatchGradients,
  type BatchResult,
  NotOffered,
  type PeerAdapter,
  type PeerModel,
} from './peer-adapter.ts';

export type States = Tensor | readonly Tensor[];

/** What `vjp` gives to go back with; a peer's holds nothing. */
export type Pullback<C> = ((cotangents: C) => Promise<Record<string, unknown>>) & {
  dispose(): void;
  [Symbol.dispose](): void;
};

export const pullbackOf = <C>(back: (cotangents: C) => Promise<Record<string, unknown>>): Pullback<C> =>
  Object.assign(back, { dispose: () => {}, [Symbol.dispose]: () => {} });

/** What is held for a peer, and the peer with the weights as they are. */
export class PeerObject {
  readonly backend: string;
  readonly device = undefined;
  protected readonly peer: PeerAdapter;
  protected readonly held: Held;
  protected readonly asked: Asked;
  readonly #models: Promise<PeerModel>[] = [];
  #loaded = false;

  constructor(peer: PeerAdapter, held: Held, asked: Asked) {
    this.backend = peer.name;
    this.peer = peer;
    this.held = held;
    this.asked = asked;
  }

  get options(): object {
    return this.held.options;
  }

  get training(): boolean {
    return this.held.training;
  }

  train(mode?: boolean): this {
    this.held.train(mode);
    return this;
  }

  eval(): this {
    this.held.eval();
    return this;
  }

  stateDict(): Record<string, Tensor> {
    return this.held.stateDict();
  }

  loadStateDict(dict: Readonly<Record<string, Tensor>>, options?: object): unknown {
    const result = this.held.loadStateDict(dict, options);
    this.#loaded = false;
    return result;
  }

  dispose(): void {
    for (const model of this.#models) model.then((opened) => opened.dispose()).catch(() => {});
    this.held.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The peer with the weights as they are now; the same until others are loaded. */
  protected model(): Promise<PeerModel> {
    if (!this.#loaded) {
      this.#models.push(this.asked.ask(() => this.peer.open(wantedOf(this.held, this.torchNames()))));
      this.#loaded = true;
    }
    return this.#models.at(-1)!;
  }

  /** The parameters under the names that layers have. */
  protected torchNames(): Record<string, Tensor> {
    return this.held.stateDict();
  }

  protected run(batch: Batch): Promise<BatchResult> {
    const model = this.model();
    return this.asked.ask(async () => (await model).forward(batch));
  }

  /** How to go back through a call, as often as one likes. */
  protected goBack(batch: Batch): (cotangents: BatchResult) => Promise<BatchGradients> {
    const model = this.model();
    return (cotangents) =>
      this.asked.ask(async () => {
        const { gradients } = await model;
        if (gradients) return gradients(batch, cotangents);
        throw new NotOffered(`gradients: ${this.peer.withoutGradients}`);
      });
  }
}

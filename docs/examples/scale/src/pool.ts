import { once } from 'node:events';
import type { StateDict } from '@congruent/wasm';
import { Piscina } from 'piscina';
import type { Share } from './parquet.ts';
import type { Batch } from './series.ts';

/** Workers with a GRU each. */
export class Pool {
  private readonly workers: Piscina;

  constructor(threads: number, parameters: StateDict) {
    this.workers = new Piscina({
      filename: new URL('../dist/worker.js', import.meta.url).href,
      workerData: parameters,
      minThreads: threads,
      maxThreads: threads,
      maxQueue: 'auto',
      execArgv: [], // none of this process, whose conditions may name sources
    });
  }

  /** Resolves as soon as another batch would not wait long, so that none is made much before it is worked on. */
  async ready(): Promise<void> {
    if (this.workers.needsDrain) await once(this.workers, 'drain');
  }

  /** The last states of a batch's series. The batch is given away. */
  lastStates(batch: Batch): Promise<Float32Array> {
    return this.workers.run(batch, { name: 'ofArrays', transferList: [batch.values.buffer as ArrayBuffer] });
  }

  /** Writes the states of a share of a Parquet file. */
  writeStates(share: Share): Promise<void> {
    return this.workers.run(share, { name: 'ofParquet' });
  }

  close(): Promise<void> {
    return this.workers.close();
  }
}

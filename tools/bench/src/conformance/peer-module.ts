import { type BackendModule, referenceModule } from '@congruent/conformance';
import type { Asked } from './asked.ts';
import type { Held } from './held.ts';
import type { PeerAdapter } from './peer-adapter.ts';
import { PeerCell } from './peer-cell.ts';
import { PeerLayers } from './peer-layers.ts';

/** A class of the suite's reference. */
interface Holding {
  create(options: never): Promise<unknown>;
}

/**
 * A peer as the module that the suite tests: what is computed is asked of the peer. Options, state dicts and packing are
 * held by the suite's reference, which computes nothing here; no check of these alone counts for a peer.
 */
export function peerModule(peer: PeerAdapter, asked: Asked): BackendModule {
  const reference = referenceModule();
  const classOf = (holding: Holding, make: (held: Held) => unknown) => ({
    create: async (options: { readonly dtype?: string; readonly dropout?: number }): Promise<unknown> => {
      if (options.dtype === 'float64' && peer.withoutFloat64) asked.refuse(`float64: ${peer.withoutFloat64}`);
      if (options.dropout) asked.refuse(DROPOUT);
      return make((await holding.create(options as never)) as Held);
    },
    createSync: () => asked.refuse(SYNCHRONOUS),
  });
  const layers = (holding: Holding) => classOf(holding, (held) => new PeerLayers(peer, held, asked));
  const cell = (holding: Holding) => classOf(holding, (held) => new PeerCell(peer, held, asked));
  const supports = {
    sync: false,
    float64: peer.withoutFloat64 === undefined,
    training: peer.withoutGradients === undefined,
    // Neither is claimed by any of them.
    deterministic: false,
    subnormals: false,
  };
  return {
    ...reference,
    backend: { name: peer.name, supports },
    GRU: layers(reference.GRU),
    LSTM: layers(reference.LSTM),
    RNN: layers(reference.RNN),
    GRUCell: cell(reference.GRUCell),
    LSTMCell: cell(reference.LSTMCell),
    RNNCell: cell(reference.RNNCell),
  };
}

const DROPOUT = "dropout as torch's: between layers, with masks that follow from a seed";
const SYNCHRONOUS = 'answers without promises';

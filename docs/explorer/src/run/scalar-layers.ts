import { type Backend, defineLayer, type LayerClass, type OwnNames } from '@congruent/runtime';

type Backends = Readonly<Record<string, Backend<'sync', unknown> | undefined>>;

const gru = async (): Promise<Backends> => ({ ...(await import('@congruent/scalar/cells/gru')).gruCells });
const lstm = async (): Promise<Backends> => ({ ...(await import('@congruent/scalar/cells/lstm')).lstmCells });
const rnn = async (): Promise<Backends> => ({ ...(await import('@congruent/scalar/cells/rnn')).rnnCells });

/** By the cell: what loads it, and those of the same class. */
const classes: Readonly<Record<string, () => Promise<Backends>>> = {
  gru,
  gru_reset_before: gru,
  lstm,
  lstm_projected: lstm,
  rnn_tanh: rnn,
  rnn_relu: rnn,
};

/** The layers of one of the classes' cells as @congruent/scalar has them, generated and published. */
export async function scalarLayers(name: string): Promise<LayerClass<OwnNames, 'sync'>> {
  const backends = await classes[name]!();
  return defineLayer<OwnNames, 'sync'>(backends[name]!, name);
}

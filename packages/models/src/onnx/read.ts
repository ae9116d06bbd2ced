import type { StoredTensor } from '@congruent/runtime';
import { shortened } from '../errors.ts';
import { copiesOf } from '../layers/copies.ts';
import type { Layer, ModelFile, Reader } from '../model.ts';
import { folder } from './fold.ts';
import { type NodeProto, readModelProto } from './proto.ts';
import { kindOf, layerOf } from './recurrent.ts';
import { nameOf, type Scope, walk } from './scope.ts';
import { tensorReader } from './tensors.ts';
import { damaged } from './wire.ts';
import { cellFinder } from './written-out.ts';

/**
 * Reads a model of ONNX: as tensors the initialisers and the values of Constant nodes, of all graphs in it, by the names of
 * the graph; where two graphs have the same name, the later with what leads to it before, `If_0/else_branch/name`. As
 * layers the nodes GRU, LSTM and RNN, and LSTM and GRU cells that are written out in single operators.
 */
export const read: Reader = async (file) => {
  const tensors: Record<string, StoredTensor> = Object.create(null);
  const unread: Record<string, string> = Object.create(null);
  const layers = new Map<string, Layer>();
  const copies = copiesOf('ONNX', sizeOfAll(file));
  const fold = folder({ bytes: TIMES_MADE * sizeOfAll(file) + 2 ** 20 });
  const steps = { left: MOST_STEPS };
  const findCell = cellFinder(fold, copies, steps);
  walk(readModelProto(file.bytes), tensorReader(file), {
    tensor: (name, tensor, scope) => {
      tensors[freeName(name, scope, tensors)] = tensor;
    },
    unread: (name, why) => {
      unread[name] = why;
    },
    node: (node, scope) => {
      const kind = kindOf(node);
      const cell = kind ? undefined : findCell(node, scope);
      if (!kind && !cell) return;
      const name = freeLayerName(cell?.name ?? nameOf(node), node, scope, layers);
      layers.set(name, kind ? layerOf({ node, scope, kind, fold, copies, steps }, name) : { ...cell!, name });
    },
  });
  return { tensors, unread, layers: [...layers.values()] };
};

/** Nodes of some graphs are looked at from all sides, a few thousand values each; this is done in a second. */
const MOST_STEPS = 2_000_000;

/** What is computed of a file's constants may take so many times its bytes: some steps for each weight. */
const TIMES_MADE = 16;

const sizeOfAll = ({ bytes, files }: ModelFile): number =>
  Object.values(files).reduce((total, each) => total + each.length, bytes.length);

/** The name of a tensor, with its path where another graph has it, too. */
function freeName(name: string, { path }: Scope, taken: object): string {
  if (name === '') throw damaged(path, 'a tensor has no name');
  const free = [name, `${path}${name}`].find((each) => !(each in taken));
  if (free === undefined) throw damaged(`tensor ${shortened(name)}`, 'there are two of this name in one graph');
  return free;
}

/** The name of a node, with its path where another has it, too; of two in one graph, that of what it gives. */
function freeLayerName(name: string, node: NodeProto, { path }: Scope, taken: ReadonlyMap<string, unknown>): string {
  const [output = ''] = node.output;
  return (
    [name, `${path}${name}`, `${path}${name}/${output}`].find((each) => !taken.has(each)) ?? `${name}/${taken.size}`
  );
}

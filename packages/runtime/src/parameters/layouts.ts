import type { CellSignature } from '../backend/signature.ts';
import { CongruentError } from '../errors.ts';
import { type Rules, TEXT } from '../options/option-rules.ts';
import { dtypeOf, type FloatArray, sizeOf, zeros } from '../tensor.ts';
import { type LayerParameters, type Parameter, storedParameters, type Weights } from './parameters.ts';
import { type ReadSizes, readSizes } from './read-sizes.ts';

/**
 * The layouts of a cell by name, the one that `stateDict()` has first: what each tensor is made of, in the notation of
 * the specification. `[a; b]`: one below the other; `[a | b]`: side by side; `a + b`: their sum; `^T`: transposed; a vector
 * is a column.
 */
export type CellLayouts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The parameters of a module as one layout has them. */
export interface StateDictForm {
  readonly parameters: readonly Parameter[];
  /** From the layers' tensors to the layout's. */
  pack(weights: Weights): Weights;
  /** From the layout's tensors to the layers'. */
  unpack(weights: Weights): Weights;
}

/** State dicts in all layouts of a cell; a backend hands it over in its `Backend`. */
export interface Layouts {
  /** The option that names one. */
  readonly rules: Rules;
  /**
   * The form of the layout of this name, or where that is empty of the cell's own; undefined where layers take its
   * tensors as they are.
   *
   * @throws CONGRUENT_OPTION for a layout that the cell does not have
   */
  formOf(
    where: string,
    signature: CellSignature,
    layers: readonly LayerParameters[],
    layout: string,
  ): StateDictForm | undefined;
  /**
   * What the tensors of the first layer in this layout say of the cell.
   *
   * @param suffix   what stands behind the names of those that every layer and direction has
   * @param entries  the tensors by name
   * @throws CONGRUENT_OPTION
   */
  sizesIn(
    where: string,
    signature: CellSignature,
    suffix: string,
    layout: string,
    entries: ReadonlyMap<string, unknown>,
  ): ReadSizes;
}

/** The layouts of a cell as what is generated of it states them. */
export const layoutsOf = (layouts: CellLayouts): Layouts => ({
  rules: { layout: TEXT },
  formOf(where, signature, layers, layout) {
    const names = Object.keys(layouts);
    const tensors = Object.entries(layouts[layout || names[0]!] ?? {});
    if (layout && !names.includes(layout)) {
      throw new CongruentError(
        'CONGRUENT_OPTION',
        `${where}: ${signature.name} has no layout '${layout}'. It has: ${names.join(', ')}.`,
      );
    }
    const isOwn = tensors.every(([tensor, text]) => text === `[${signature.parameters[tensor]?.blocks.join('; ')}]`);
    if (isOwn) return undefined;
    return form(layers.flatMap((layer) => tensors.map((tensor) => packed(signature, layer, ...tensor))));
  },
  sizesIn(where, signature, suffix, layout, entries) {
    return readSizes(
      signature,
      suffix,
      entries,
      (layer) => this.formOf(where, signature, [layer], layout)?.parameters ?? storedParameters([layer]),
    );
  },
});

/** A tensor of a layout. */
interface Packed extends Parameter {
  readonly part: Part;
}

function form(all: readonly Packed[]): StateDictForm {
  const parameters = all.filter(({ stored }) => stored);
  const move = (weights: Weights, pack: boolean): Weights => {
    const moved = new Map<string, FloatArray>();
    const [sample] = weights.values();
    const room = ({ name, shape }: Parameter): FloatArray => {
      if (!moved.has(name)) moved.set(name, zeros(dtypeOf(sample!), sizeOf(shape)));
      return moved.get(name)!;
    };
    for (const tensor of parameters) {
      const { rows, columns, at } = tensor.part;
      for (let k = 0; k < rows * columns; k++) {
        const terms = at(Math.floor(k / columns), k % columns).filter(([own]) => own.stored); // a layer may have no bias
        terms.forEach(([own, index], term) => {
          // Of a sum the first has all, the others nothing.
          if (!pack) room(own)[index] = term ? 0 : weights.get(tensor.name)![k]!;
          else if (term) room(tensor)[k]! += weights.get(own.name)![index]!;
          else room(tensor)[k] = weights.get(own.name)![index]!;
        });
      }
    }
    return moved;
  };
  return { parameters, pack: (weights) => move(weights, true), unpack: (weights) => move(weights, false) };
}

/** Something with rows and columns; a vector is a column, and below each other vectors are a vector. */
interface Part {
  readonly rows: number;
  readonly columns: number;
  readonly rank: number;
  /** The parameters in it. */
  readonly own: readonly Parameter[];
  /** The parameters that an element is the sum of, nearly always one, and where in them. */
  at(row: number, column: number): readonly (readonly [Parameter, number])[];
}

/** A tensor of a layout for one layer. */
function packed(signature: CellSignature, layer: LayerParameters, name: string, text: string): Packed {
  const part = parse(text, (block) => leaf(signature, layer, block));
  const [first] = part.own as readonly [Parameter];
  return {
    // The ending, `_l0` or none, is that of what is in it.
    name: name + first.name.slice(first.layout.length),
    layout: name,
    shape: [part.rows, part.columns].slice(0, part.rank),
    stored: part.own.some(({ stored }) => stored),
    part,
  };
}

/** A parameter of the cell, as it lies in the tensors of a layer. */
function leaf(signature: CellSignature, { parameters }: LayerParameters, name: string): Part {
  const from = parameters.find(({ layout }) => signature.parameters[layout]!.blocks.includes(name))!;
  const { blocks, shape } = signature.parameters[from.layout]!;
  const [height = 1, columns = 1] = from.shape;
  const rows = height / blocks.length;
  const first = blocks.indexOf(name) * rows;
  return { rows, columns, rank: shape.length, own: [from], at: (i, j) => [[from, (first + i) * columns + j]] };
}

/** What a text of the notation says, with its parameters given. */
function parse(text: string, parameter: (name: string) => Part): Part {
  const tokens = text.match(/[^\s[\];|^+]+|\^T|[[\];|+]/g)!;
  const part = (): Part => {
    let sum = term();
    while (tokens[0] === '+') {
      tokens.shift();
      sum = added(sum, term());
    }
    return sum;
  };
  const term = (): Part => {
    const token = tokens.shift()!;
    if (token !== '[') return parameter(token);
    let whole = part();
    for (let separator = tokens.shift(); separator !== ']'; separator = tokens.shift()) {
      whole = joined(whole, part(), separator === ';');
    }
    if (tokens[0] !== '^T') return whole;
    tokens.shift();
    return transposed(whole);
  };
  return part();
}

const transposed = ({ rows, columns, own, at }: Part): Part => ({
  rows: columns,
  columns: rows,
  rank: 2,
  own,
  at: (i, j) => at(j, i),
});

const added = (a: Part, b: Part): Part => ({
  ...a,
  own: [...a.own, ...b.own],
  at: (i, j) => [...a.at(i, j), ...b.at(i, j)],
});

/** One below the other, or side by side. */
function joined(a: Part, b: Part, below: boolean): Part {
  if (!below) return transposed(joined(transposed(a), transposed(b), true));
  return {
    rows: a.rows + b.rows,
    columns: a.columns,
    rank: Math.max(a.rank, 1),
    own: [...a.own, ...b.own],
    at: (i, j) => (i < a.rows ? a.at(i, j) : b.at(i - a.rows, j)),
  };
}

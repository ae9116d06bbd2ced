import { type CellSignature, type Dimensions, type Operand, operandsOf } from '../backend/signature.ts';
import type { LayerParameters } from '../parameters/parameters.ts';
import type { Form } from '../sequences/form.ts';
import type { ExpectedStates } from '../sequences/states.ts';
import { type DType, sizeOf } from '../tensor.ts';

/** What a stack of layers takes and gives, and how large it is. */
export interface StackShape {
  readonly name: string;
  readonly directions: number;
  readonly dtype: DType;
  /** By layer, then by direction. */
  readonly layers: readonly (readonly LayerParameters[])[];
  readonly inputs: readonly Operand[];
  readonly inputForm: Form;
  /** Of the last layer, directions side by side. */
  readonly outputs: readonly Operand[];
  readonly outputForm: Form;
  readonly states: ExpectedStates;
  /** The widths of each layer's outputs, of one direction. */
  readonly outputWidths: readonly (readonly number[])[];
}

/** The shape of a stack whose layers and directions have these parameters. */
export function stackShape(
  name: string,
  signature: CellSignature,
  layers: StackShape['layers'],
  dtype: DType,
  formOf: (operands: readonly unknown[]) => Form,
): StackShape {
  const directions = layers[0]!.length;
  const dimensions = layers.map(([first]) => first!.dimensions);
  const outputs = dimensions.map((of) => operandsOf(signature.outputs, of));
  return {
    name,
    directions,
    dtype,
    layers,
    inputs: operandsOf(signature.inputs, dimensions[0]!),
    inputForm: formOf(signature.inputs),
    outputs: outputs.at(-1)!.map((output) => sideBySide(output, directions)),
    outputForm: formOf(signature.outputs),
    states: { values: operandsOf(signature.states, dimensions[0]!), count: layers.length * directions, dtype },
    outputWidths: outputs.map((of) => of.map(({ row }) => sizeOf(row))),
  };
}

const sideBySide = ({ name, row }: Operand, directions: number): Operand => ({
  name,
  row: directions === 1 ? row : [sizeOf(row) * directions],
});

/** The sizes of each layer: the input of an upper one is the first output of the one below, directions side by side. */
export function layerDimensions(
  signature: CellSignature,
  first: Dimensions,
  numLayers: number,
  directions: number,
): Dimensions[] {
  const layers = [first];
  const [dimension] = signature.inputs[0]!.shape;
  while (layers.length < numLayers) {
    const [output] = operandsOf(signature.outputs, layers.at(-1)!);
    const width = sizeOf(output!.row) * directions;
    layers.push(typeof dimension === 'string' ? { ...first, [dimension]: width } : first);
  }
  return layers;
}

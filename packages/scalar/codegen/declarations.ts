import type { DType } from '@congruent/codegen';
import type { OptionalKind, ParameterDeclarationStructure, PropertySignatureStructure, SourceFile } from 'ts-morph';
import { withMath } from './expression.ts';
import { arrayOf, type ScratchArray } from './places.ts';
import { VECTOR } from './stages.ts';

type Property = OptionalKind<PropertySignatureStructure>;
type Parameter = OptionalKind<ParameterDeclarationStructure>;

/** A read-only member of an interface, with what it holds. */
export const property = (name: string, doc: string, type = 'Vector'): Property => ({
  name,
  docs: [doc],
  type,
  isReadonly: true,
});

/** A length among the members of an interface. */
export const lengthProperty = (name: string): Property => ({ name, type: 'number', isReadonly: true });

export const parameter = (name: string, type: string): Parameter => ({ name, type });

/** The parameter for a value's array. */
export const rowsOf = ({ name }: { readonly name: string }): Parameter => parameter(arrayOf(name), 'Vector');

/** The parameters of a function that prepares. */
export const preparing = (dimensions: readonly string[]): readonly Parameter[] => [
  parameter('parameters', 'Readonly<Record<string, FloatArray>>'),
  parameter(`{ ${dimensions.join(', ')} }`, 'Dimensions'),
];

export function addFunction(
  file: SourceFile,
  name: string,
  doc: string,
  parameters: readonly Parameter[],
  returnType: string,
  statements: readonly string[],
): void {
  file.addFunction({
    name,
    docs: [doc],
    isExported: true,
    parameters: parameters.map(({ name, ...rest }) => ({
      ...rest,
      name: isUsed(name, statements) ? name : `_${name}`,
    })),
    returnType,
    statements: withMath(statements),
  });
}

/** Whether the code takes a parameter's name; a destructured one names what is used. */
const isUsed = (name: string, statements: readonly string[]): boolean =>
  name.startsWith('{') || new RegExp(`\\b${name}\\b`).test(statements.join('\n'));

/** Arrays that are allocated together: their interface, and the function that makes them. */
export function addArrays(
  file: SourceFile,
  names: { readonly type: string; readonly make: string },
  docs: { readonly type: string; readonly make: string },
  arrays: readonly ScratchArray[],
  dimensions: readonly string[],
  dtype: DType,
): void {
  file.addInterface({
    name: names.type,
    docs: [docs.type],
    isExported: true,
    properties: arrays.map(({ name, length, perRow }) => property(name, `[${perRow ? 'rows, ' : ''}${length}]`)),
  });
  const used = dimensions.filter((name) => arrays.some(({ length }) => length.includes(name)));
  addFunction(
    file,
    names.make,
    docs.make,
    [parameter(`{ ${used.join(', ')} }`, 'Dimensions'), parameter('rows', 'number')],
    names.type,
    [`return {\n${arrays.map((array) => `${allocation(array, dtype)},\n`).join('')}};`],
  );
}

function allocation({ name, length, perRow }: ScratchArray, dtype: DType): string {
  const row = length.includes('+') ? `(${length})` : length;
  return `${name}: new ${VECTOR[dtype]}(${perRow ? `rows * ${row}` : length})`;
}

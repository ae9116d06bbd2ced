import type { Mode, Reply } from '../backend/engine.ts';
import type { Operand } from '../backend/signature.ts';
import type { Steps } from '../drive.ts';
import { CongruentError } from '../errors.ts';
import type { CellRows } from '../gradients/cell-gradients.ts';
import type { Differentiated } from '../gradients/pullback.ts';
import type { RowShape } from '../sequences/sequence.ts';
import { listStates } from '../sequences/states.ts';
import { checkTensor, type FloatArray, shapeText, sizeOf, zeros } from '../tensor.ts';
import { Module } from './module.ts';
import { cellResult, hasOwnOutputs } from './results.ts';

/** One step of every class of every backend; the docs are at `RecurrentCell` in api/cell.ts. */
export class SingleCell<M extends Mode, B> extends Module<M, B> {
  forward(x: unknown, hx?: unknown): Reply<M, unknown> {
    return this.driver.drive(this.#forward(x, hx));
  }

  vjp(x: unknown, hx?: unknown): Reply<M, Differentiated<M>> {
    return this.driver.drive(this.#vjp(x, hx));
  }

  *#forward(x: unknown, hx: unknown): Steps<unknown> {
    const { leading, ...sequence } = this.#read('forward', x, hx);
    // The next states alone are what most cells give.
    const outputs = hasOwnOutputs(this.shape) ? this.shape.outputs.length : 0;
    return cellResult(this.shape, leading, yield* this.run(sequence, outputs));
  }

  *#vjp(x: unknown, hx: unknown): Steps<Differentiated<M>> {
    return yield* this.gradients().cell(this, this.#read('vjp', x, hx));
  }

  /** One step of a sequence of one step: the cell is no second implementation. */
  #read(method: string, x: unknown, hx: unknown): CellRows {
    this.checkAlive(method);
    const { name, inputs, inputForm, states } = this.shape;
    const where = `${name}.${method}`;
    const read = inputForm.list(`${where}: x`, x, inputs).map(([label, value], i) => {
      const { row } = inputs[i]!;
      return this.#readRows(
        label,
        value,
        row,
        'input',
        (got) => `input has inconsistent input_size: got ${got} expected ${row[0]}`,
      );
    });
    const { leading } = read[0]!;
    read.forEach((each, i) => {
      checkLeading(`${where}: x.${inputs[i]!.name}`, each.leading, leading, inputs[i]!.row, 'input');
    });
    const given = listStates(where, hx, states.values, 'x');
    return {
      inputs: read.map(({ data }) => data),
      states: [states.values.map((state, i) => this.#readState(where, given[i], state, i, leading))],
      batchSizes: [sizeOf(leading)],
      masks: [],
      leading,
    };
  }

  #readState(where: string, given: unknown, state: Operand, index: number, leading: readonly number[]): FloatArray {
    const { row, name } = state;
    if (given === undefined || given === null) return zeros(this.shape.dtype, sizeOf([...leading, ...row]));
    const label = `${where}: ${name}x`;
    const called = this.shape.states.values.length > 1 ? `hx[${index}]` : 'hidden';
    const read = this.#readRows(
      label,
      given,
      row,
      called,
      (got) => `hidden${index} has inconsistent hidden_size: got ${got}, expected ${row[0]}`,
    );
    checkLeading(label, read.leading, leading, row, `hidden${index}`);
    return read.data;
  }

  /** A tensor of one row or of a batch of rows, with torch's messages for one that is not. */
  #readRows(
    where: string,
    value: unknown,
    row: RowShape,
    called: string,
    inconsistent: (got: number) => string,
  ): { data: FloatArray; leading: readonly number[] } {
    const { name, dtype } = this.shape;
    const { data, shape } = checkTensor(where, value, dtype);
    const before = shape.length - row.length;
    if (before !== 0 && before !== 1) {
      throw new CongruentError(
        'CONGRUENT_SHAPE',
        `${where}: ${name}: Expected ${called} to be ${row.length}D or ${row.length + 1}D, got ${shape.length}D instead. ` +
          `Give ${shapeText(['B', ...row])}, or ${shapeText(row)} for one row.`,
      );
    }
    if (row.length > 0 && shape.at(-1) !== row[0]) {
      throw new CongruentError(
        'CONGRUENT_SHAPE',
        `${where}: ${inconsistent(shape.at(-1)!)}. The last dimension of ${shapeText(shape)} is its features.`,
      );
    }
    return { data, leading: shape.slice(0, before) };
  }
}

/** Refuses what has other rows than the first input. */
function checkLeading(
  where: string,
  got: readonly number[],
  leading: readonly number[],
  row: RowShape,
  called: string,
): void {
  if (shapeText(got) === shapeText(leading)) return;
  const shape = shapeText([...leading, ...row]);
  throw new CongruentError(
    'CONGRUENT_SHAPE',
    got.length === leading.length
      ? `${where}: Input batch size ${leading[0]} doesn't match ${called} batch size ${got[0]}. Give one of shape ${shape}.`
      : `${where} must have as many dimensions as x: expected ${shape}, got ${shapeText([...got, ...row])}.`,
  );
}

import { type Layer, type Model, readModel } from '@congruent/models';
import { GRU, GRUCell, LSTM, LSTMCell, RNN, RNNCell } from '@congruent/scalar';
import { defineCell } from '@congruent/spec';
import * as fc from 'fast-check';
import { settled } from '../engine/outcome.ts';
import { ACCEPTED, type Say, type Surface, surface } from '../engine/surface.ts';
import { type Edit, edited, edits, editsWith } from './edits.ts';
import { editedJson, type JsonEdit, jsonEdits } from './json-edits.ts';
import { type Assembled, type Part, type Sample, samples, snippets } from './model-samples.ts';
import { expectUnpolluted } from './unpolluted.ts';

/** A sample with changes of one of its parts, and of the whole file. */
interface Input {
  readonly sample: number;
  readonly part: number;
  readonly changes: readonly Edit[] | { readonly json: readonly JsonEdit[] };
  readonly whole: readonly Edit[];
}

function inputsOf(format: string): fc.Arbitrary<Input> {
  const bytes = editsWith(snippets[format] ?? []);
  const changesOf = (part: Part): fc.Arbitrary<Input['changes']> =>
    'json' in part ? fc.oneof({ weight: 4, arbitrary: fc.record({ json: jsonEdits }) }, bytes) : bytes;
  return fc.oneof(
    ...samples[format]!.map((of, sample) => ({
      weight: of.large ? 1 : 4,
      arbitrary: fc.nat(of.parts.length - 1).chain((part) =>
        fc.record({
          sample: fc.constant(sample),
          part: fc.constant(part),
          changes: fc.oneof({ weight: 6, arbitrary: changesOf(of.parts[part]!) }, fc.constant([])),
          whole: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, edits),
        }),
      ),
    })),
  );
}

function fileOf({ parts, assemble }: Sample, { part: changed, changes, whole }: Input): Assembled {
  const encoder = new TextEncoder();
  const made = parts.map((part, i) => {
    const mine = i === changed ? changes : [];
    if (!('json' in part)) return edited(part, 'json' in mine ? [] : mine);
    const text = editedJson(part.json, 'json' in mine ? mine.json : []);
    return edited(encoder.encode(text), 'json' in mine ? [] : mine);
  });
  const { bytes, files = {} } = assemble(made);
  return { bytes: edited(bytes, whole), files };
}

async function check(format: string, input: Input, say: Say): Promise<void> {
  const { bytes, files } = fileOf(samples[format]![input.sample]!, input);
  const kept = bytes.slice();
  const { value, refused = ACCEPTED } = await executingNothing(() =>
    settled(() => readModel(bytes, { name: 'model', ...(files && { files }) })),
  );
  expectUnpolluted();
  if (Buffer.compare(kept, bytes) !== 0) throw new Error('the bytes of the file were changed');
  if (value) await use(value);
  say(refused);
}

/** What `readModel` gives can be used as it says. */
async function use({ tensors, layers }: Model): Promise<void> {
  for (const [name, { data, shape }] of Object.entries(tensors)) {
    const size = shape.reduce((product, length) => product * length, 1);
    if (data.length !== size) throw new Error(`tensor ${name} of shape [${shape}] has ${data.length} elements`);
  }
  for (const layer of layers.slice(0, 4)) if (layer.notes.length === 0) await run(layer);
}

async function run({ kind, options, parameters, cell }: Layer): Promise<void> {
  if (cell !== undefined) {
    defineCell(cell);
    return;
  }
  const made = await CLASSES[kind].create(options);
  made.loadStateDict(parameters);
  made.dispose();
}

const CLASSES: Readonly<Record<Layer['kind'], Creates>> = { GRU, GRUCell, LSTM, LSTMCell, RNN, RNNCell };

interface Creates {
  create(options: Layer['options']): Promise<{ loadStateDict(dict: Layer['parameters']): unknown; dispose(): void }>;
}

/** Runs something; throws where it would have made code of a text meanwhile. */
async function executingNothing<T>(run: () => Promise<T>): Promise<T> {
  const { eval: evaluate, Function: construct } = globalThis;
  const called: string[] = [];
  const trap = (name: string) => () => {
    called.push(name);
  };
  Object.assign(globalThis, { eval: trap('eval'), Function: trap('Function') });
  const value = await run().finally(() => Object.assign(globalThis, { eval: evaluate, Function: construct }));
  if (called.length > 0) throw new Error(`the file had ${called} called`);
  return value;
}

/** A surface for each format. */
export const models: readonly Surface[] = Object.keys(samples).map((format) =>
  surface(format, inputsOf(format), (input, say) => check(format, input, say)),
);

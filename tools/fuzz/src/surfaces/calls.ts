import * as fc from 'fast-check';
import { settled } from '../engine/outcome.ts';
import { ACCEPTED, type Say, type Surface, surface } from '../engine/surface.ts';
import { anyBackend, backends } from './any-backend.ts';
import { documentedCalls, Things } from './documented-calls.ts';
import { hostile, hostileOf } from './hostile.ts';
import { placesIn } from './json-edits.ts';
import { expectWellFormed, textOf } from './results.ts';

/** A call with some of what is in its arguments replaced, counted round and round. */
interface Input {
  readonly backend: string;
  readonly call: string;
  readonly hurts: readonly { readonly at: number; readonly how: string }[];
}

const inputs: fc.Arbitrary<Input> = fc.record({
  backend: anyBackend,
  call: fc.constantFrom(...Object.keys(documentedCalls)),
  hurts: fc.array(fc.record({ at: fc.nat(99), how: hostile }), { minLength: 1, maxLength: 2 }),
});

/** After these a call is what it was. */
const HARMLESS: readonly string[] = ['otherRealm', 'frozen'];

function hurt(args: unknown[], hurts: Input['hurts']): void {
  const places = placesIn(args);
  for (const { at, how } of hurts) {
    const [parent, key] = places[at % places.length]!;
    const old = (parent as Record<string, unknown>)[key];
    try {
      Object.defineProperty(parent, key, {
        ...Object.getOwnPropertyDescriptor(parent, key),
        value: hostileOf(how, old),
      });
    } catch {} // an earlier one has made it something that does not change
  }
}

async function check({ backend: on, call: name, hurts }: Input, say: Say): Promise<void> {
  const backend = backends.get(on)!;
  const { args: argsOf, call } = documentedCalls[name]!;
  const things = new Things(backend);
  await call(things, argsOf());
  const before = await kept(things);
  const args = argsOf();
  hurt(args, hurts);
  const { value, refused } = await settled(() => call(things, args));
  if (refused === undefined) expectWellFormed(value);
  else if ((await kept(things)) !== before) throw new Error(`refused with ${refused}, and something has changed`);
  if (hurts.every(({ how }) => HARMLESS.includes(how))) {
    if (refused !== undefined) throw new Error(`refused with ${refused}, for values of another realm`);
    const twin = new Things(backend);
    await call(twin, argsOf());
    if (textOf(await call(twin, argsOf())) !== textOf(value))
      throw new Error('another result, for values of another realm');
    await twin.dispose();
  }
  await things.dispose();
  say(refused ?? ACCEPTED);
}

/** The bits of all that things keep: parameters and states. */
async function kept({ made }: Things): Promise<string> {
  const texts: string[] = [];
  for (const [name, thing] of made) {
    const what = name === 'stream' ? await (thing as { readonly state?: unknown }).state : thing['stateDict']!();
    texts.push(`${name} ${textOf(what)}`);
  }
  return texts.join('\n');
}

export const calls: Surface = surface('calls', inputs, check, { frozen: true });

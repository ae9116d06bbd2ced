import { name, sized, unsigned, vector } from './bytes.ts';
import { codeOf, type Places } from './code.ts';
import { functionCode, functionType, typeCode } from './function.ts';
import type { ModuleText } from './module.ts';

const SECTION = { type: 1, import: 2, function: 3, memory: 5, global: 6, export: 7, start: 8, code: 10 } as const;

/** What an import or an export is. */
const [FUNCTION, MEMORY] = [0, 2];

/** After the type of a global: it may be set. */
const MUTABLE = 1;

/** Before the pages of a memory: it may have more. */
const NO_MAXIMUM = 0;

/** The sections of a module, without those that would be empty. */
export function sectionsOf({ memory, globals, functions, exports, start }: ModuleText): number[] {
  const types = new Map<string, number>();
  const typeOf = [...functions.values()].map((each) => {
    const key = functionType(each).join();
    if (!types.has(key)) types.set(key, types.size);
    return types.get(key)!;
  });
  const places = { functions: placesOf(functions), globals: placesOf(globals) };
  const functionAt = (of: string): number[] => {
    const place = places.functions.get(of);
    if (place === undefined) throw new Error(`assemble: unknown function ${of}`);
    return unsigned(place);
  };
  const pages = memory === undefined ? [] : [NO_MAXIMUM, ...unsigned(memory.pages)];
  const imported = memory?.imported;
  return [
    ...section(
      SECTION.type,
      [...types.keys()].map((key) => key.split(',').map(Number)),
    ),
    ...section(SECTION.import, imported ? [[...imported.flatMap(name), MEMORY, ...pages]] : []),
    ...section(SECTION.function, typeOf.map(unsigned)),
    ...section(SECTION.memory, memory && !imported ? [pages] : []),
    ...section(
      SECTION.global,
      [...globals.values()].map(({ type, value }) => [typeCode(type), MUTABLE, ...codeOf(value, NO_PLACES)]),
    ),
    ...section(
      SECTION.export,
      exports.map(({ as, of }) => [...name(as), ...(of === undefined ? [MEMORY, 0] : [FUNCTION, ...functionAt(of)])]),
    ),
    ...(start === undefined ? [] : [SECTION.start, ...sized(functionAt(start))]),
    ...section(
      SECTION.code,
      [...functions.values()].map((each) => sized(functionCode(each, places))),
    ),
  ];
}

const NO_PLACES: Places = { locals: new Map(), functions: new Map(), globals: new Map() };

const placesOf = (named: ReadonlyMap<string, unknown>): ReadonlyMap<string, number> =>
  new Map([...named.keys()].map((name, place) => [name, place]));

const section = (id: number, entries: readonly (readonly number[])[]): number[] =>
  entries.length > 0 ? [id, ...sized(vector(entries))] : [];

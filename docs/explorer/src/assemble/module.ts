import { type FunctionText, readFunction } from './function.ts';
import { isName, listOf, type Node, show, stringOf } from './reader.ts';

/** A module as its text has it, the fields of each kind in their order. */
export interface ModuleText {
  /** The one memory, which a module may import. */
  memory?: { readonly pages: number; readonly imported?: readonly [module: string, item: string] };
  readonly globals: Map<string, GlobalText>;
  readonly functions: Map<string, FunctionText>;
  readonly exports: ExportText[];
  /** The function that runs first. */
  start?: string;
}

/** A global that may be set. */
interface GlobalText {
  readonly type: Node | undefined;
  readonly value: readonly Node[];
}

interface ExportText {
  readonly as: string;
  /** The function; without one it is the memory. */
  readonly of?: string;
}

/** A `module` as an expression. */
export function readModule(node: Node): ModuleText {
  const [keyword, ...fields] = listOf(node);
  if (keyword !== 'module') throw new Error(`assemble: expected a module, got ${keyword}`);
  const module: ModuleText = { globals: new Map(), functions: new Map(), exports: [] };
  for (const field of fields) readField(field, module);
  return module;
}

function readField(node: Node, module: ModuleText): void {
  const [keyword] = listOf(node);
  switch (keyword) {
    case 'import': {
      const [, from, item, memory] = listOf(node, 3);
      const [kind, pages] = listOf(memory, 1);
      if (kind !== 'memory') throw new Error(`assemble: unknown import ${show(memory)}`);
      addMemory(module, { pages: numberOf(pages), imported: [stringOf(from), stringOf(item)] });
      break;
    }
    case 'memory': {
      const [, exported, pages] = listOf(node, 2);
      const [kind, as] = listOf(exported, 1);
      if (kind !== 'export') throw new Error(`assemble: expected an export, got ${show(exported)}`);
      module.exports.push({ as: stringOf(as) });
      addMemory(module, { pages: numberOf(pages) });
      break;
    }
    case 'global': {
      const [, name, mutable, value] = listOf(node, 3);
      const [kind, type] = listOf(mutable, 1);
      if (kind !== 'mut') throw new Error(`assemble: expected a global that may be set, got ${show(mutable)}`);
      add(module.globals, nameOf(name), { type, value: value === undefined ? [] : [value] });
      break;
    }
    case 'start':
      module.start = nameOf(listOf(node, 1)[1]);
      break;
    case 'func': {
      const [, name, ...rest] = listOf(node);
      const read = readFunction(nameOf(name), rest);
      module.exports.push(...read.exports.map((as) => ({ as, of: nameOf(name) })));
      add(module.functions, nameOf(name), read);
      break;
    }
    default:
      throw new Error(`assemble: unknown field ${keyword}`);
  }
}

function addMemory(module: ModuleText, memory: ModuleText['memory'] & object): void {
  if (module.memory !== undefined) throw new Error('assemble: a module has one memory, this one two');
  module.memory = memory;
}

function add<T>(to: Map<string, T>, name: string, value: T): void {
  if (to.has(name)) throw new Error(`assemble: two are called ${name}`);
  to.set(name, value);
}

function nameOf(node: Node | undefined): string {
  if (isName(node)) return node;
  throw new Error(`assemble: expected a name, got ${show(node)}`);
}

function numberOf(node: Node | undefined): number {
  if (typeof node === 'string' && /^\d+$/.test(node)) return Number(node);
  throw new Error(`assemble: expected a number, got ${show(node)}`);
}

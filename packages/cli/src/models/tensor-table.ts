import type { Model } from '@congruent/models';
import { printable } from './printable.ts';

/** Lines that a table has at most, unless all are asked for. */
const LINES = 40;

/** Tensors that one line stands for. */
interface Row {
  readonly name: string;
  readonly dtype: string;
  readonly shape: string;
}

/**
 * A line for each tensor: name, element type, shape. Where they are too many, a line stands for all whose names begin so,
 * as deep in the names as the table allows, and what is still too long is cut, with a count; the few integers that a graph
 * has for its shapes and axes, often more than it has weights, come last.
 */
export function tensorTable(tensors: Model['tensors'], all: boolean): readonly string[] {
  const names = Object.keys(tensors);
  const short = all || names.length <= LINES;
  const inOrder = short ? names : [false, true].flatMap((few) => names.filter((name) => isFew(tensors[name]!) === few));
  const groups = short ? names.map((name) => [name, [name]] as const) : grouped(inOrder);
  const shown = all ? groups : groups.slice(0, LINES);
  const rows = shown.map(([prefix, members]) => rowOf(tensors, prefix, members));
  const rest = groups.slice(shown.length).reduce((count, [, members]) => count + members.length, 0);
  const widths = (['name', 'dtype'] as const).map((key) => Math.max(0, ...rows.map((row) => row[key].length)));
  return [
    ...rows.map((row) => `  ${row.name.padEnd(widths[0]!)}  ${row.dtype.padEnd(widths[1]!)}  ${row.shape}`),
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
    ...(groups.length < names.length || rest > 0 ? ['  every tensor by itself: --all'] : []),
  ];
}

const isFew = ({ data, dtype }: Model['tensors'][string]): boolean => /^(int|bool)/.test(dtype) && data.length <= 8;

/** Names by what they begin with: as many parts of them as give no more groups than lines, but at least one. */
function grouped(names: readonly string[]): readonly (readonly [prefix: string, members: readonly string[]])[] {
  const parts = names.map((name) => name.split(/(?<=[./])/));
  const deepest = Math.max(...parts.map(({ length }) => length));
  for (let depth = Math.min(deepest, 8); ; depth--) {
    const groups = new Map<string, string[]>();
    for (const [at, name] of names.entries()) {
      const prefix = parts[at]!.slice(0, depth).join('');
      const members = groups.get(prefix);
      if (members) members.push(name);
      else groups.set(prefix, [name]);
    }
    if (groups.size <= LINES || depth <= 1) return [...groups];
  }
}

function rowOf(tensors: Model['tensors'], prefix: string, members: readonly string[]): Row {
  const dtype = [...new Set(members.map((name) => tensors[name]!.dtype))].join(', ');
  if (members.length > 1) return { name: `${printable(prefix)}*`, dtype, shape: `${members.length} tensors` };
  return { name: printable(members[0]!), dtype, shape: `[${tensors[members[0]!]!.shape.join(', ')}]` };
}

/** The tensors of the file that were not read, and why: a line each, up to as many as a table has. */
export function unreadLines({ unread }: Pick<Model, 'unread'>): readonly string[] {
  const lines = Object.entries(unread).map(([name, why]) => `  left out: ${printable(name)} ${printable(why)}`);
  return lines.length > LINES ? [...lines.slice(0, LINES), `  and ${lines.length - LINES} more`] : lines;
}

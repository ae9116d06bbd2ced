import type { Plan, Plans } from '@congruent/codegen';
import type { Language } from './text-pane.ts';
import type { Values } from './values.ts';

/**
 * What names in emitted code stand for: values by the names that plans give them, and buffers, which stand for all that
 * lies in them.
 */
export function namesOfPlans(
  { values: names, forward, backward }: Plans,
  { of }: Values,
): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  for (const [name, planned] of names) if (of.has(name)) found.set(planned, [of.get(name)!]);
  const values = new Map(found);
  for (const { name, holds } of [forward, backward].flatMap(buffersOf)) {
    if (values.has(name)) continue;
    const held = holds.split(', ').flatMap((value) => values.get(value) ?? []);
    found.set(name, [...new Set([...(found.get(name) ?? []), ...held])]);
  }
  return found;
}

const buffersOf = (plan: Plan) =>
  [
    ...[plan.tensors, plan.inputs, plan.carries, plan.outputs, plan.recorded],
    ...[plan.weights, plan.scratch, plan.gradients],
  ].flat();

/** How a language writes names and comments, and which of its functions have names of plans in them. */
interface Syntax extends Required<Pick<Language, 'words' | 'speaks'>> {
  /** Where a function, or something else on its level, begins; `name`: its name. */
  readonly head: RegExp;
  /** Names of those that are the same for every cell, or whose locals are their own. */
  readonly foreign: RegExp;
}

export function codeLanguage(syntax: Syntax, plans: Plans, values: Values): Language {
  const names = namesOfPlans(plans, values);
  return {
    words: syntax.words,
    speaks: syntax.speaks,
    valuesOf: (name) => names.get(name),
    isForeign: (line) => {
      const head = syntax.head.exec(line);
      return head ? syntax.foreign.test(head.groups?.['name'] ?? '') : undefined;
    },
  };
}

/** Words after a dot are properties; in quotation marks gpu.js has names of buffers. A comment may have several lines. */
const typescript =
  /(?<comment>\/\/.*|\/\*.*?(?:\*\/|$)|^ *\*(?: .*|\/)?$)|(?<before>(?<![\w$.])'?)(?<name>[A-Za-z_]\w*)/g;

export const SYNTAX = {
  typescript: {
    words: typescript,
    speaks: / = |^\/\*\* \[.*\]: /,
    head: /^(?:export )?(?:function|interface|const|type) (?<name>\w+)/,
    foreign:
      /^(?!(?:kernels|Tensors|residuals|Weights|prepare|Scratch|scratch|step|stepper|run|record|pullBack|sumGradients|(?:eachRow|step|record|Backward|backward|prepareBackward)\w*)$)/,
  },
  wasm: {
    words: /(?<comment>;;.*)|(?:func|call) \$[^ )]+|(?<before>\$)(?<name>[A-Za-z_]\w*)/g,
    speaks: / = |^;; \w+: [\w, ]+$/,
    head: /^ {2}\(func \$(?<name>[\w.]+)/,
    foreign: /^(?!(?:prepare|step|run|(?:rows|steps)_\w+)$)/,
  },
  gpujs: {
    words: typescript,
    speaks: / = /,
    head: /^(?:export )?(?:function|const|type) (?<name>\w+)/,
    foreign: /^(?!(?:forward|backward)$)/,
  },
  c: {
    words: /(?<comment>\/\*.*?(?:\*\/|$))|(?<before>(?<![\w.]))(?<name>[A-Za-z_]\w*)/g,
    speaks: / = |^\/\* [\w, ]+ \*\/$/,
    head: /^(?:typedef struct|(?:static|INLINE) .*?(?<name>\w+)\()/,
    foreign: /_of$/,
  },
} as const satisfies Readonly<Record<string, Syntax>>;

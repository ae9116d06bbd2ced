import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { read, root } from './documents.ts';
import { printed } from './printed.ts';

/** What a docstring shows below `@example`. */
export interface Example {
  /** Names it in a test's title: the file, and the line where it begins. */
  readonly title: string;
  readonly code: string;
}

/** The examples of every package's sources, which are those of the API's pages. */
export function docstringExamples(): readonly Example[] {
  const sources = readdirSync(join(root, 'packages')).flatMap((name) =>
    (readdirSync(join(root, 'packages', name, 'src'), { recursive: true }) as string[])
      .map((file) => join('packages', name, 'src', file))
      .filter((path) => path.endsWith('.ts') && !path.includes('generated')),
  );
  return sources.sort().flatMap(examplesOf);
}

function examplesOf(path: string): readonly Example[] {
  const text = read(path);
  return [...text.matchAll(/^ *\* @example\n((?: *\*(?! @|\/).*\n)+)/gm)].map((match) => ({
    title: `${path}, line ${text.slice(0, match.index).split('\n').length}`,
    code: match[1]!.replaceAll(/^ *\* ?/gm, '').trimEnd(),
  }));
}

const NUMBERS = /^-?[\d.]+(?:, -?[\d.]+)+$/;

/**
 * An example with a print for each line that says what it gives: `value; // 5`, `// [2, 3]`, `// 1, 2, 3` of an array's
 * elements. What the comment says in words, or with fewer digits than float32 has, is computed and not compared.
 */
export function withPrints(code: string): string {
  return code.replaceAll(/^([^\s/].*); \/\/ (.*)$/gm, (line, expression: string, says: string) => {
    if (/^(?:const|let|import|for|if) |await /.test(expression)) return line;
    const elements = /^Float32Array \[ (.*) \]$/.exec(says)?.[1] ?? (NUMBERS.test(says) ? says : undefined);
    const numbers = (elements ?? says).match(/\d+(?:\.\d+)?/g) ?? [];
    // Eighths are the same in every element type.
    const isExact = numbers.every((number) => Number.isInteger(8 * Number(number)));
    if (elements !== undefined && isExact) return `console.log([...(${expression})].join(', ')); // ${elements}`;
    if (/^\[?-?[\d., ]+\]?$/.test(says) && isExact)
      return `console.log(${expression}); // ${printed([JSON.parse(says)])}`;
    return `void (${expression});`;
  });
}

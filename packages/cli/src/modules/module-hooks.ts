// Hooks for Node's loader of modules: TypeScript on every supported Node, and imports that start from another folder.
// Nothing here waits, so that they serve both ways in which Node takes hooks.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ts } from 'ts-morph';

interface ResolveContext {
  readonly parentURL?: string | undefined;
}

type NextResolve = (specifier: string, context: ResolveContext) => unknown;

type NextLoad = (url: string, context: object) => unknown;

/** What an emitter is compiled against: it gets the compiler that runs, wherever its package lies. */
const COMPILER = '@congruent/codegen';

/** `REQUEST#from=URL` is REQUEST as a module at URL would import it. */
export function resolve(specifier: string, context: ResolveContext, next: NextResolve): unknown {
  const [request, from = context.parentURL] = specifier.split('#from=') as [string, string?];
  const parentURL = request === COMPILER ? import.meta.url : from;
  return next(sourceOf(request, parentURL), { ...context, parentURL });
}

/** As TypeScript has it, `./a.js` and `./a` stand for `./a.ts` where only that is there. */
function sourceOf(request: string, parentURL: string | undefined): string {
  if (!/^\.\.?\//.test(request) || !parentURL?.startsWith('file:')) return request;
  const isThere = (path: string): boolean => existsSync(fileURLToPath(new URL(path, parentURL)));
  if (isThere(request) && /\.\w+$/.test(request)) return request;
  const candidates = [
    request.replace(/\.(m?)js$/, '.$1ts'),
    ...['.ts', '.mts', '.js', '.mjs'].map((end) => request + end),
  ];
  return candidates.find((path) => path !== request && isThere(path)) ?? request;
}

/** Users' files are parsed with TypeScript, which says where a mistake is, and lose their types. */
export function load(url: string, context: object, next: NextLoad): unknown {
  if (!/^file:.*\.m?[jt]s$/.test(url) || url.includes('/node_modules/')) return next(url, context);
  const path = fileURLToPath(url);
  const text = readFileSync(path, 'utf8');
  const { outputText, diagnostics } = ts.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      allowJs: true,
      inlineSourceMap: true,
    },
  });
  const [mistake] = diagnostics ?? [];
  if (mistake) throw syntaxError(path, mistake);
  const isModule = /ts$/.test(url) || ts.isExternalModule(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022));
  return isModule ? { format: 'module', source: outputText, shortCircuit: true } : next(url, context);
}

/** `code`: what is left of an error's class when it comes from the thread of the hooks. */
function syntaxError(path: string, { file, start = 0, messageText }: ts.Diagnostic): Error {
  const { line, character } = file!.getLineAndCharacterOfPosition(start);
  const message = ts.flattenDiagnosticMessageText(messageText, ' ');
  const source = file!.text.split('\n')[line]!.trimEnd();
  return Object.assign(
    new SyntaxError(`${path}:${line + 1}:${character + 1}: ${message} In the line: ${source.trim()}`),
    {
      code: 'CELL_FILE',
    },
  );
}

import { ts } from 'ts-morph';
import type { TextFile } from './files.ts';

/** Files as JavaScript: what is TypeScript loses its types, and imports of `./a.ts` become those of `./a.js`. */
export const javascriptFiles = (files: readonly TextFile[]): readonly TextFile[] =>
  files.map((file) => (file.path.endsWith('.ts') ? javascriptFile(file) : file));

function javascriptFile({ path, text }: TextFile): TextFile {
  const { outputText } = ts.transpileModule(text, {
    fileName: path,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  return { path: path.replace(/ts$/, 'js'), text: outputText };
}

import { commented, type Declaration, indented } from '@congruent/codegen';
import {
  type CodeBlockWriter,
  IndentationText,
  Project,
  QuoteKind,
  type StatementStructures,
  StructureKind,
  VariableDeclarationKind,
} from 'ts-morph';

/**
 * The text of a TypeScript file, formatted.
 *
 * @throws SyntaxError where the declarations are not TypeScript
 */
export function typescriptText(declarations: readonly Declaration[]): string {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    compilerOptions: { noLib: true, noResolve: true },
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Single },
  });
  const statements = declarations.map((declaration, index) => ({
    ...structureOf(declaration),
    leadingTrivia: (writer: CodeBlockWriter) => before(writer, declaration, declarations[index - 1]),
  }));
  const file = project.createSourceFile('emitted.ts', { statements });
  const [wrong] = project.getProgram().getSyntacticDiagnostics(file);
  if (wrong) {
    const line = file.getFullText().split('\n')[wrong.getLineNumber() - 1];
    throw new SyntaxError(`${wrong.getMessageText()} In the line: ${line?.trim()}`);
  }
  file.formatText({ indentSize: 2 });
  return file.getFullText();
}

/** Writes what stands before a declaration: a blank line, but none between imports, and the comment of a re-export. */
function before(writer: CodeBlockWriter, declaration: Declaration, previous: Declaration | undefined): void {
  if (previous && !(previous.kind === 'import' && declaration.kind === 'import')) writer.blankLineIfLastNot();
  if (declaration.kind === 'reexport') for (const line of commented(declaration.doc)) writer.writeLine(line);
}

function structureOf(declaration: Declaration): StatementStructures {
  switch (declaration.kind) {
    case 'import': {
      const { names, from, typeOnly = false } = declaration;
      const kind = StructureKind.ImportDeclaration;
      return { kind, namedImports: [...names], moduleSpecifier: from, isTypeOnly: typeOnly };
    }
    case 'reexport': {
      const { as, from } = declaration;
      const kind = StructureKind.ExportDeclaration;
      return { kind, ...(as && { namespaceExport: as }), moduleSpecifier: from };
    }
    case 'type':
      return { kind: StructureKind.TypeAlias, name: declaration.name, ...common(declaration), type: declaration.type };
    case 'constant': {
      const { name, type, value } = declaration;
      return {
        kind: StructureKind.VariableStatement,
        ...common(declaration),
        declarationKind: VariableDeclarationKind.Const,
        declarations: [{ name, type, initializer: indented(value).join('\n') }],
      };
    }
    case 'interface': {
      const { name, properties } = declaration;
      return {
        kind: StructureKind.Interface,
        name,
        ...common(declaration),
        properties: properties.map(({ name, type, doc }) => ({ name, type, isReadonly: true, docs: docs(doc) })),
      };
    }
    case 'function': {
      const { name, parameters, returns, body } = declaration;
      return {
        kind: StructureKind.Function,
        name,
        ...common(declaration),
        parameters: parameters.map(({ name, type }) => ({ name, type })),
        returnType: returns,
        // An empty text would be an empty line.
        statements: body.length > 0 ? indented(body).join('\n') : [],
      };
    }
    default:
      return declaration satisfies never;
  }
}

/** Without spaces at the ends of lines, which ts-morph would keep. */
const docs = (doc: string | undefined): string[] => (doc === undefined ? [] : [doc.replaceAll(/ +$/gm, '')]);

const common = ({ doc, exported = false }: { readonly doc?: string; readonly exported?: boolean }) =>
  ({ docs: docs(doc), isExported: exported }) as const;

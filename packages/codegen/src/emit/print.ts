import type { Block, Declaration } from './tree.ts';

/** The text of a TypeScript file: what a formatter would leave as it is. */
export function printDeclarations(declarations: readonly Declaration[]): string {
  const texts = declarations.map((declaration, index) => {
    const text = [...docOf(declaration), ...linesOf(declaration)].join('\n');
    const next = declarations[index + 1];
    return next && isImport(declaration) && isImport(next) ? `${text}\n` : `${text}\n\n`;
  });
  return `${texts.join('').trimEnd()}\n`;
}

const isImport = ({ kind }: Declaration): boolean => kind === 'import';

function linesOf(declaration: Declaration): readonly string[] {
  switch (declaration.kind) {
    case 'import': {
      const { names, from, typeOnly } = declaration;
      return [`import ${typeOnly ? 'type ' : ''}{ ${names.join(', ')} } from '${from}';`];
    }
    case 'reexport':
      return [`export *${declaration.as ? ` as ${declaration.as}` : ''} from '${declaration.from}';`];
    case 'type':
      return [`${exported(declaration)}type ${declaration.name} = ${declaration.type};`];
    case 'constant': {
      const [first, ...rest] = indented(declaration.value);
      const lines = [`${exported(declaration)}const ${declaration.name}: ${declaration.type} = ${first}`, ...rest];
      return lines.with(-1, `${lines.at(-1)};`);
    }
    case 'interface': {
      const properties = declaration.properties.flatMap(({ name, type, doc }) => [
        ...commented(doc),
        `readonly ${name}: ${type};`,
      ]);
      return [`${exported(declaration)}interface ${declaration.name} {`, ...indented([properties]), '}'];
    }
    case 'function': {
      const { name, parameters, returns, body } = declaration;
      const list = parameters.map((parameter) => `${parameter.name}: ${parameter.type}`).join(', ');
      return [`${exported(declaration)}function ${name}(${list}): ${returns} {`, ...indented([body]), '}'];
    }
    default:
      return declaration satisfies never;
  }
}

const exported = ({ exported }: { readonly exported?: boolean }): string => (exported ? 'export ' : '');

const docOf = (declaration: Declaration): readonly string[] => ('doc' in declaration ? commented(declaration.doc) : []);

/** A comment of one line, or of several with a line for each. */
export function commented(doc: string | undefined): readonly string[] {
  if (doc === undefined) return [];
  const lines = doc.split('\n');
  return lines.length === 1 ? [`/** ${doc} */`] : ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'];
}

/** The lines of a block, each inner block two spaces further in. */
export function indented(block: Block, depth = 0): readonly string[] {
  return block.flatMap((part) => {
    if (typeof part !== 'string') return indented(part, depth + 1);
    return [part === '' ? '' : `${'  '.repeat(depth)}${part}`];
  });
}

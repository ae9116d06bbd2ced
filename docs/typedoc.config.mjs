// The API's pages, from the docstrings of what the packages export: `typedoc`, in this folder.
import { existsSync, readdirSync } from 'node:fs';

/** Packages whose entry is for programs, not for programmers. */
const NO_API = ['cli'];

/** What else reads this file may start elsewhere. */
const here = (/** @type {string} */ path) => new URL(path, import.meta.url);

// First the package that the classes' types belong to, as the others re-export them.
const packages = ['runtime', ...readdirSync(here('../packages')).filter((name) => name !== 'runtime')];
const entries = ['public', 'index', 'catalogue'];

/** @type {Partial<import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions>} */
export default {
  entryPoints: packages
    .filter((name) => !NO_API.includes(name))
    .flatMap((name) => entries.map((entry) => `../packages/${name}/src/${entry}.ts`))
    .filter((path) => existsSync(here(path))),
  tsconfig: 'typedoc.tsconfig.json',
  plugin: ['typedoc-plugin-markdown', './src/api-modules.mjs'],
  out: 'api',
  outputFileStrategy: 'modules',
  entryFileName: 'index.md',
  readme: 'none',
  name: 'API',
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useHTMLAnchors: true,
  disableSources: true,
  githubPages: false,
  useCodeBlocks: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  treatWarningsAsErrors: true,
};

// Compares what a task read with what Nx was told that it reads.

/**
 * @typedef Inputs  what `nx show target inputs` says of a task
 * @property {readonly string[]} files  from the root
 * @property {readonly string[]} [environment]  names of variables
 */

/**
 * The files of the workspace that a task read and that are no inputs of it, so that it would pass from the cache when
 * they have changed. What a package was built to follows from its sources.
 *
 * @param {readonly string[]} reads  paths from the root
 * @param {Inputs} inputs
 * @returns {string[]}
 */
export function undeclaredFiles(reads, { files }) {
  const declared = new Set(files);
  const isDeclared = (/** @type {string} */ path) => {
    const built =
      /^(packages|tools|docs\/examples)\/[^/]+(?=\/((codegen\/)?dist|build\/[^/]+)\/)|^docs(?=\/(api|\.vitepress\/dist)\/)/.exec(
        path,
      );
    return declared.has(built ? `${built[0]}/package.json` : path);
  };
  return [...new Set(reads)].filter((path) => !isDeclared(path)).sort();
}

/** What changes no result: where processes keep their things, and what the tests set themselves. */
const INDIFFERENT = ['CONGRUENT_READS', 'LD_LIBRARY_PATH', 'NODE_OPTIONS', 'XDG_RUNTIME_DIR'];

/**
 * The environment variables that sources mention and that are no inputs of the task.
 *
 * @param {readonly string[]} sources  the text of each file
 * @param {Inputs} inputs
 * @returns {string[]}
 */
export function undeclaredVariables(sources, { environment = [] }) {
  const named = sources.flatMap((source) =>
    [...source.matchAll(/process\.env(?:\.|\[['"])([A-Z][A-Z0-9_]*)/g)].map(([, name]) => /** @type {string} */ (name)),
  );
  const declared = new Set([...environment, ...INDIFFERENT]);
  return [...new Set(named)].filter((name) => !declared.has(name)).sort();
}

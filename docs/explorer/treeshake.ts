/**
 * CodeMirror's commands know of grammars, which the notation has no use for; that nothing happens where @lezer/common is
 * only imported, the package does not say itself.
 */
export const treeshake = { moduleSideEffects: [{ test: /@lezer\/common/, sideEffects: false }] };

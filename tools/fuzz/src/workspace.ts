/** The root of the repository, from `src` and from `dist`, whose files lie on one level. */
export const workspace: URL = new URL('../../../', import.meta.url);

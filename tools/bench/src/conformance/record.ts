/** The page, and what it is made of. */
export const pageFile: URL = new URL('../../../../docs/conformance.md', import.meta.url);
export const recordFile: URL = new URL('../../data/conformance.json', import.meta.url);

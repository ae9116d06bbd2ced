// The links of a README that npm shows, where nothing of the repository lies beside it.
import { posix } from 'node:path';

/**
 * @typedef Pages  of a repository, at one version
 * @property {string} page  its address
 * @property {string} tag
 * @property {(path: string) => boolean} isFolder  of a path from the root of the repository
 * @property {(path: string) => boolean} isPacked  whether what lies there is in the package
 */

/** Code, which is left as it is; or the target of a link. */
const CODE_OR_TARGET = /^```[\s\S]*?^```$|`[^`\n]+`|(?<=\]\()[^)\s]+(?=\))/gm;

/**
 * A README whose links lead to the pages of a repository where they leave what is packed, at the tag of its version; those of
 * an earlier version, which lead there already, to that of this one.
 *
 * @param {string} text
 * @param {string} folder  of the package, from the root of the repository
 * @param {Pages} pages
 * @returns {string}
 */
export function withPages(text, folder, { page, tag, isFolder, isPacked }) {
  return text.replace(CODE_OR_TARGET, (target) => {
    if (target.startsWith('`') || target.startsWith('#')) return target;
    const path = pathOf(target, folder, page);
    if (path === undefined) return target;
    const [file = '', heading] = path.split('#');
    if (isPacked(file)) return target;
    const kind = isFolder(file) ? 'tree' : 'blob';
    return `${page}/${kind}/${tag}/${file}${heading === undefined ? '' : `#${heading}`}`;
  });
}

/** What a link leads to, from the root of the repository; undefined: to somewhere else. */
function pathOf(/** @type {string} */ target, /** @type {string} */ folder, /** @type {string} */ page) {
  if (!/^[a-z]+:/.test(target)) return posix.join(folder, target);
  return target.startsWith(`${page}/`)
    ? /^\/(?:blob|tree)\/[^/]+\/(.*)$/.exec(target.slice(page.length))?.[1]
    : undefined;
}

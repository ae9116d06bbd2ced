// The licences of what became part of a package: whoever passes the package on passes them on, too.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const APACHE = readFileSync(new URL('Apache-2.0.txt', import.meta.url), 'utf8');

/**
 * The licences of the packages from npm that sources are from: the file that a package has for it, or what its sources begin
 * with.
 *
 * @param {readonly string[]} sources  paths
 * @returns {string} empty where there is none
 */
export function licensesOf(sources) {
  /** @type {Map<string, string[]>} */
  const packages = new Map();
  for (const source of sources) {
    const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source)?.[0];
    if (folder) packages.set(folder, [...(packages.get(folder) ?? []), source]);
  }
  return [...packages].map(([folder, files]) => licenseOf(folder, files)).join(`\n${'-'.repeat(80)}\n\n`);
}

/** @type {(folder: string, sources: readonly string[]) => string} */
function licenseOf(folder, sources) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e(\.\w+)?$/i.test(each));
  const texts = file === undefined ? noticesOf(sources) : [readFileSync(join(folder, file), 'utf8').trim()];
  if (texts.length === 0) throw new Error(`${name} has no text of its licence, ${license}`);
  if (file === undefined && /Apache-2\.0/.test(license)) texts.push(APACHE.trimEnd());
  return `${[`${name} ${version}, ${license}`, ...texts].join('\n\n')}\n`;
}

/** The comments that sources begin with, each once. */
function noticesOf(/** @type {readonly string[]} */ sources) {
  const heads = sources.map((source) => /^(?:\/\/.*\n)+/.exec(readFileSync(source, 'utf8'))?.[0]);
  return [...new Set(heads)].flatMap((head) => head?.replace(/^\/\/ ?/gm, '').trimEnd() ?? []);
}

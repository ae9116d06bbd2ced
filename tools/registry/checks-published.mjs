// What npm shows of a package, and what a stranger reads in it: the files beside the code, the addresses, and the README.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './gate.mjs';
import { PAGE } from './publish.mjs';

/** The targets of a README's links, outside of code. */
function linksOf(readme) {
  const prose = readme.replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
}

/** Whether a link leads somewhere: to a file of the package or, at this version, of the repository. */
function leads(target, folder, copy, version) {
  const [path] = target.split('#');
  if (!/^[a-z]+:/.test(target)) return path === '' || existsSync(join(folder, path));
  if (!target.startsWith(`${PAGE}/`)) return true;
  const [kind, tag, ...file] = path.slice(PAGE.length + 1).split('/');
  return /^(blob|tree)$/.test(kind) && tag === `congruent@${version}` && existsSync(join(copy, ...file));
}

function checkPackage(folder, copy) {
  const { name, version, keywords, repository, homepage, bugs } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const lacks = ['LICENSE', 'README.md', 'CHANGELOG.md'].filter((file) => !existsSync(join(folder, file)));
  assert.deepEqual(lacks, [], `${name} lacks files`);
  assert.match(readFileSync(join(folder, 'CHANGELOG.md'), 'utf8'), new RegExp(`^## ${version}$`, 'm'), name);
  assert(keywords?.length > 0, `${name} has no keywords`);
  assert.equal(repository?.url, `git+${PAGE}.git`, name);
  assert(existsSync(join(copy, repository.directory, 'package.json')), `${name}: ${repository.directory}`);
  assert.equal(homepage, `${PAGE}/tree/congruent@${version}/${repository.directory}#readme`);
  assert.equal(bugs?.url, `${PAGE}/issues`, name);
  const links = linksOf(readFileSync(join(folder, 'README.md'), 'utf8'));
  assert.deepEqual(
    links.filter((target) => !leads(target, folder, copy, version)),
    [],
    `${name}: links of its README lead nowhere`,
  );
  return links.length;
}

/** Of our packages where they are installed, those for this machine too. */
export const publishedChecks = (copy, installed) =>
  check('licence, changelog, addresses, keywords and links of every package', async () => {
    const modules = join(installed, 'node_modules');
    const scoped = readdirSync(join(modules, '@congruent')).map((name) => join('@congruent', name));
    const links = ['congruent', ...scoped].map((name) => checkPackage(join(modules, name), copy));
    return `${links.length} packages, ${links.reduce((sum, count) => sum + count)} links`;
  });

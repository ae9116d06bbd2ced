// The lock file works on every platform and names no registry: every dependency of every locked package has an entry,
// every entry an integrity, and none a download address.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const problems = [];

/** Whether `name` resolves from the package at `path`, walking up as Node does. */
function resolves(path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at && `${at}/`}node_modules/${name}`]) return true;
    if (!at) return false;
  }
}

for (const [path, entry] of Object.entries(packages)) {
  const installed = path.includes('node_modules/') && !entry.link && !entry.inBundle;
  if (installed && !entry.integrity) problems.push(`${path} has no integrity`);
  if (/^https?:/.test(entry.resolved ?? '')) problems.push(`${path} names a download address`);
  for (const name of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
    if (!resolves(path, name)) problems.push(`${name}, which ${path} needs, has no entry`);
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) console.error('Run `npm install` with versions that exist for every platform; see .npmrc.');
process.exitCode = problems.length > 0 ? 1 : 0;

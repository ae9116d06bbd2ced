// What `changeset version` cannot know: every public package names its repository, and its README leads there where it leaves
// the package. Runs after it (`npm run release:version`), in the root of a clone.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { withPages } from './links.mjs';
import { repositoryPage } from './repository.mjs';

const read = (/** @type {string} */ folder) => JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));

let page = '';
try {
  page = repositoryPage();
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exit(1);
}
const tag = `congruent@${read('packages/congruent').version}`;
const isFolder = (/** @type {string} */ path) => statSync(path).isDirectory();

/** What is packed of a package, by paths from the root. */
function packed(/** @type {string} */ folder) {
  const list = execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  const { files } = JSON.parse(list)[0];
  return files.map((/** @type {{ path: string }} */ { path }) => `${folder}/${path}`);
}

for (const name of readdirSync('packages')) {
  const folder = `packages/${name}`;
  const { private: hidden, repository: _, homepage: __, bugs: ___, ...manifest } = read(folder);
  if (hidden) continue;
  const added = {
    repository: { type: 'git', url: `git+${page}.git`, directory: folder },
    homepage: `${page}/tree/${tag}/${folder}#readme`,
    bugs: { url: `${page}/issues` },
  };
  const fields = Object.entries(manifest).flatMap((field) =>
    field[0] === 'license' ? [field, ...Object.entries(added)] : [field],
  );
  writeFileSync(`${folder}/package.json`, `${JSON.stringify(Object.fromEntries(fields), undefined, 2)}\n`);
  const readme = `${folder}/README.md`;
  const files = packed(folder);
  const isPacked = (/** @type {string} */ path) =>
    files.some((/** @type {string} */ file) => `${file}/`.startsWith(`${path}/`));
  writeFileSync(readme, withPages(readFileSync(readme, 'utf8'), folder, { page, tag, isFolder, isPacked }));
}
console.log(`The packages name ${page}, and their READMEs lead to ${tag} there.`);

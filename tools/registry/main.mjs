// The packages as strangers install them: published to a registry on loopback, then installed by name in empty folders and
// used there: `npm run check:registry`, and with `-- --full` in all that docs/installing.md names.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTasks } from '../check/tasks.mjs';
import { install } from '../testing/apart.mjs';
import { bundlerChecks } from './checks-bundlers.mjs';
import { managerChecks, nodeVersionChecks } from './checks-managers.mjs';
import { aloneChecks, nodeChecks, npmChecks } from './checks-npm.mjs';
import { pageChecks, placeChecks, policyChecks } from './checks-pages.mjs';
import { publishedChecks } from './checks-published.mjs';
import { reactNative } from './checks-react-native.mjs';
import { allTypeChecks, typeChecks } from './checks-types.mjs';
import { workletChecks } from './checks-worklets.mjs';
import { Place } from './consumer.mjs';
import { beside, check, total } from './gate.mjs';
import { stopAll } from './processes.mjs';
import { publishAll } from './publish.mjs';
import { startRegistry } from './server.mjs';

const begun = performance.now();
const full = process.argv.includes('--full');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'congruent-registry-')));
const tidy = () => {
  stopAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    tidy();
    process.exit(1);
  });

try {
  install(
    new URL('./', import.meta.url),
    'a registry, package managers and compilers into tools/registry (about 170 MB)',
  );
  const targets = ['build', 'build:codegen'].flatMap((target) => ['-t', target]);
  if (await runTasks('building', ['run-many', '-p', 'tag:npm:public', ...targets])) await checkAll();
  else total.failed++;
} finally {
  tidy();
}
console.log(`\n${total.passed} passed, ${total.failed} failed (${((performance.now() - begun) / 1000).toFixed(0)} s)`);
process.exitCode = total.failed > 0 ? 1 : 0;

async function checkAll() {
  const uplink = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const place = new Place(folder, await startRegistry(join(folder, 'registry'), uplink));
  const copy = join(folder, 'copy');
  const published = await check('published as a release is', async () => {
    mkdirSync(copy);
    const versions = await publishAll(copy, place.env);
    return [...versions].map((each) => each.join(' ')).join(', ');
  });
  if (!published) return;
  const [, installed] = [await npmChecks(place, 10), await npmChecks(place, 11)];
  if (installed) {
    await publishedChecks(copy, installed);
    await nodeChecks(place, installed);
    await typeChecks(place, installed);
    await pageChecks(place, installed);
  }
  await workletChecks(place);
  await beside(aloneChecks(place));
  if (!full) return;
  if (installed) {
    await nodeVersionChecks(place, installed);
    await allTypeChecks(place, installed);
    await placeChecks(place, installed);
    await policyChecks(place, installed);
  }
  await managerChecks(place);
  await bundlerChecks(place);
  await reactNative(place);
}

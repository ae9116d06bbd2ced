// Generates the classes of the network for every backend of this workspace, as a user does: with the command.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { generatedFor, namesOfBackends, packages } from './backends.ts';

const command = fileURLToPath(new URL('cli/bin/congruent.js', packages));
const cells = fileURLToPath(new URL('./network.js', import.meta.url));

for (const backend of await namesOfBackends()) {
  const out = fileURLToPath(generatedFor(backend));
  execFileSync(process.execPath, [command, 'generate', cells, '--backend', backend, '--out', out], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

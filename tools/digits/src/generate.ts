// Generates the classes of the network for every backend of this workspace, as a user does: with the command.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { command, findBackends, generatedFor } from './backends.ts';

const cells = fileURLToPath(new URL('./network.js', import.meta.url));

const { backends, unavailable } = await findBackends();
for (const reason of unavailable) console.log(`No network for a backend that is not available. ${reason}`);
for (const { backend } of backends) {
  const out = fileURLToPath(generatedFor(backend.name));
  execFileSync(process.execPath, [command, 'generate', cells, '--backend', backend.name, '--out', out], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

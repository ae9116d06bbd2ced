// Generates the network's classes for every backend that runs here, as a user does: with the command.
import { fileURLToPath } from 'node:url';
import { BACKENDS, generatedFor, unavailable } from './backends.ts';
import { cells, congruent } from './command.ts';

for (const backend of BACKENDS) {
  const reason = await unavailable(backend);
  if (reason !== undefined) {
    console.log(`No class for a backend that is not available. ${reason}`);
    continue;
  }
  congruent('generate', cells, '--backend', backend, '--out', fileURLToPath(generatedFor(backend)));
}

import { fileURLToPath } from 'node:url';
import { install } from '../../testing/apart.mjs';
import { peersFolder } from './folder.ts';

/** Installs the peers from their own lock file, their scripts off: one of them would download GPU libraries. */
export const installPeers = (): void => install(peersFolder, 'the peers into tools/bench/peers (about 750 MB)');

if (process.argv[1] === fileURLToPath(import.meta.url)) installPeers();

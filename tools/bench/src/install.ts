import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { peersFolder, peersInstalled } from './folder.ts';

/** Installs the peers from their own lock file, their scripts off: one of them would download GPU libraries. */
export function installPeers(): void {
  if (peersInstalled()) return;
  console.error('Installing the peers into tools/bench/peers, once (about 750 MB): npm ci --ignore-scripts');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: fileURLToPath(peersFolder),
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('The peers could not be installed; the benchmarks need the npm registry for that.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) installPeers();

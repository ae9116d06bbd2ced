#!/usr/bin/env node
/// <reference types="node" />
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { ifAvailable } from '../subject/available.ts';
import { missingExports } from '../subject/open.ts';
import type { BackendModule } from '../subject/subject.ts';
import { parseArguments, UsageError } from './arguments.ts';
import { junitOf } from './junit.ts';
import { runModes } from './run-modes.ts';
import { printSummary } from './table.ts';

const HELP = `congruent-conformance <module> [--json] [--junit <file>] [--device <device>] [--option <key>=<value>]…

Runs the conformance suite of congruent against a backend, in every mode that it declares: on each of its devices that is
there, and with math: 'relaxed' where it supports that.

  <module>                  a package, e.g. @congruent/scalar, or a path, e.g. ./dist/index.js
  --json                    print the report as JSON
  --junit <file>            write the report as JUnit's XML, too
  --device <device>         as --option device=<device>
  --option <key>=<value>    one of the backend's own options for create: only modes that have it
  --help                    print this

Exit code: 0 all checks passed, or the backend says that this machine cannot have it, 1 some failed, 2 the suite could not be
run, which with CI=true includes a backend that this machine cannot have.`;

/** Runs the command and gives its exit code. */
async function main(given: readonly string[]): Promise<number> {
  const { module: name, json, junit, help, options } = parseArguments(given);
  if (help) {
    console.log(HELP);
    return 0;
  }
  if (name === undefined) throw new UsageError('no module given');
  const found = await ifAvailable(() => load(name));
  if ('unavailable' in found) {
    const { unavailable } = found;
    console.log(
      json
        ? JSON.stringify({ unavailable })
        : `${name} is not available on this machine, so nothing is checked. ${unavailable}`,
    );
    return 0;
  }
  const { module } = found;
  const missing = missingExports(module);
  if (missing.length > 0) {
    throw new UsageError(`${name} is not a congruent backend: it does not export ${missing.join(', ')}`);
  }
  const summary = await runModes(module as BackendModule, { options });
  if (summary.modes.length === 0) {
    throw new UsageError(
      `${name} has no mode with ${JSON.stringify(options)} here` +
        (summary.absent.length > 0 ? `; this machine does not have: ${summary.absent.join(', ')}` : ''),
    );
  }
  if (junit !== undefined) await writeFile(junit, junitOf(summary));
  console.log(json ? JSON.stringify(summary, undefined, 2) : printSummary(summary));
  return summary.failed === 0 ? 0 : 1;
}

/** Imports a module as code in the current directory would. */
async function load(name: string): Promise<unknown> {
  const path = resolve(name);
  if (/^\.{0,2}\//.test(name) || existsSync(path)) {
    if (!existsSync(path)) throw new UsageError(`cannot find the file ${path}`);
    return await import(pathToFileURL(path).href);
  }
  let file: string;
  try {
    file = createRequire(resolve('package.json')).resolve(name);
  } catch (error) {
    const [problem] = (error as Error).message.split('\n');
    throw new UsageError(`cannot find the package ${name} from ${resolve('.')} (${problem}); install or build it`);
  }
  return await import(pathToFileURL(file).href);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`congruent-conformance: ${error instanceof Error ? error.message : error}`);
  if (error instanceof UsageError) console.error('Try congruent-conformance --help.');
  process.exitCode = 2;
}

import { duckDBInstalled, installDuckDB } from '../src/duckdb.ts';

/** In CI DuckDB is installed, or it is an error that it is not; once, before the tests run. */
export default function setup(): void {
  if (process.env['CI']) installDuckDB();
  if (!duckDBInstalled()) console.warn('SKIPPED: tests of DuckDB need it. `npm run example:scale` installs it.');
}

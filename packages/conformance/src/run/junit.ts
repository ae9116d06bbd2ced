import type { CheckResult } from './run.ts';
import type { ModeReport, Summary } from './run-modes.ts';

/** A summary as JUnit's XML, which CI services read: a suite for each mode, a case for each check. */
export function junitOf({ backend, passed, failed, skipped, modes }: Summary): string {
  const counts = { name: backend, tests: passed + failed + skipped, failures: failed, skipped };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', counts, modes.map(suiteOf))}\n`;
}

function suiteOf(report: ModeReport): string {
  const { backend, mode, total, failed, skipped, results } = report;
  const milliseconds = results.reduce((sum, result) => sum + result.milliseconds, 0);
  const name = mode ? `${backend}, ${mode}` : backend;
  return element(
    'testsuite',
    { name, tests: total, failures: failed, skipped, time: milliseconds / 1000 },
    results.map((result) => caseOf(name, result)),
  );
}

function caseOf(suite: string, { group, title, status, reason = '', milliseconds }: CheckResult): string {
  const children: string[] = [];
  if (status === 'failed') {
    children.push(element('failure', { message: reason.split('\n')[0]! }, [escaped(reason)]));
  }
  if (status === 'skipped') children.push(element('skipped', { message: reason }, []));
  if (status === 'refused') children.push(element('system-out', {}, ['refused as documented']));
  return element('testcase', { classname: `${suite}: ${group}`, name: title, time: milliseconds / 1000 }, children);
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[],
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(`${value}`)}"`);
  const start = `<${name}${written.join('')}`;
  if (children.length === 0) return `${start}/>`;
  const lines = children.some((child) => child.startsWith('<'));
  return `${start}>${lines ? `\n${children.join('\n')}\n` : children.join('')}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

/** Text for an attribute or an element; what XML cannot say at all becomes U+FFFD. */
const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 leaves out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"\n]/g, (character) => ENTITIES[character]!);

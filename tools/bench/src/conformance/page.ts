import { grid } from '../markdown.ts';
import { peers } from './contestants.ts';
import type { PeerAdapter } from './peer-adapter.ts';
import { type Counts, type Failure, type Standing, sumOf } from './standing.ts';

/** docs/conformance.md. */
export function conformancePage(standings: readonly Standing[]): string {
  const parts = [
    '# Conformance',
    SUITE,
    RUN,
    '## Backends and peers',
    TABLE,
    table('checks of', standings, 'topics'),
    'The same by cell. Each check counts once, be it one recorded case or a property of many random layers.',
    table('cell', standings, 'cells'),
    '## How a peer is asked',
    RULES.map((rule) => `- ${rule}`).join('\n'),
    ...standings.flatMap(section),
  ];
  return `${parts.join('\n\n')}\n`;
}

const SUITE =
  'One suite decides what a backend is: [`@congruent/conformance`](../packages/conformance/README.md). It runs cases recorded from PyTorch, with bounds that follow from PyTorch’s own error; compares with an interpreter of [the specification](spec/gru.md), to the bit where a backend promises bits, else with the interval that float32 arithmetic can reach; checks properties on random layers; and asks for every refusal with its code. No bound is set by hand, and mutants show that it notices: each wrong equation, layout and order of summation is caught.';

const RUN =
  'It runs on any module that exports the classes: `npx congruent-conformance @congruent/scalar`, or a path, prints a table and exits with 1 where a check fails; in a test file it is [three lines](../packages/conformance/README.md), with any test runner. What is refused as `backend.supports` says is right, and counts as refused.';

const TABLE =
  'This page is written by `npm run conformance:peers`, which holds the backends of this repository and other libraries to the same checks and the same bounds. Each entry is **passed / failed / not offered**; what is not offered could not fail.';

const RULES = [
  'Through its documented API alone, by [an adapter](../tools/bench/src/conformance) that says in its head which pages of the documentation it uses. What an adapter does is to carry: to transpose, copy and reshape, to put weights where the peer wants them, to feed states back.',
  'It is judged by its own recurrent layers where it has some. jax-js has none, and is judged by layers composed of its operations, as it would have them; there a pass says that the operations and `vjp` are right, not the equations, which are the adapter’s.',
  '**Not offered** is what its documentation does not promise; the reasons are below. For all peers that is congruent’s own surface: options and their defaults, state dicts, refusals by code, dropout masks from a seed, answers without promises, the same bits whatever sequences are computed together.',
  '**Failed** is what it does offer, and gives otherwise than the suite’s bounds allow. A NaN among the operands belongs there: by the equations the result is NaN, and a number instead hides that something went wrong before.',
  'A check in which nothing was asked of the peer does not count for it.',
];

/** A row for each topic, or each cell, and a column for each contestant. */
function table(what: string, standings: readonly Standing[], by: 'topics' | 'cells'): string {
  const keys = [...new Set(standings.flatMap((standing) => Object.keys(standing[by])))];
  const rows = keys.map((key) => [key, ...standings.map((standing) => counts(standing[by][key]))]);
  const all = ['all', ...standings.map((standing) => counts(sumOf(Object.values(standing[by]))))];
  return grid([[what, ...standings.map(({ name }) => name)], ...rows, all]);
}

const counts = (of: Counts | undefined): string => (of ? `${of.passed} / ${of.failed} / ${of.notOffered}` : '');

/** What a contestant is, does not offer and fails at. */
function section(standing: Standing): string[] {
  const peer = peers.find(({ name }) => name === standing.name);
  const missing = Object.entries(standing.missing).sort(([, a], [, b]) => b - a);
  const { failures } = standing;
  return [
    `## ${standing.name}`,
    intro(standing, peer),
    ...(missing.length > 0
      ? [grid([['not offered', 'checks'], ...missing.map(([reason, n]) => [escaped(reason), `${n}`])])]
      : []),
    ...(failures.length > 0 ? ['Failed:', failures.map(item).join('\n')] : ['Nothing failed.']),
  ];
}

function intro({ mode }: Standing, peer: PeerAdapter | undefined): string {
  if (!peer) return mode ? `A backend of this repository, ${mode}.` : 'A backend of this repository.';
  const links = peer.documentation.map((url) => `<${url}>`).join(', ');
  return `${peer.packageName} ${mode}: ${peer.reading}. Asked through ${links}.`;
}

const item = ({ at, count, title, message }: Failure): string =>
  `- **${at}**: ${count === 1 ? '1 check' : `${count} checks, the first of them`}: ${escaped(title)}. It said: ${code(message)}`;

/** Text as it is, which may have backticks of its own. */
const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);

/** What Markdown would take for markup. */
const escaped = (text: string): string => text.replaceAll(/[|<_*]/g, '\\$&');

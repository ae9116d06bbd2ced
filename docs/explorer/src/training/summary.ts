import { inWords } from './figures.ts';
import type { View } from './protocol.ts';

/** Inputs that are named. */
const NAMED = 3;

/** What a picture shows of the step that is asked about, in a sentence or two. */
export function summaryOf(view: View): string {
  const { asked, influence } = view;
  const [output, target] = ['output', 'target'].map((label) => shownAs(view, label));
  const wanted = target === undefined ? 'not asked' : `target ${target}`;
  const order = Array.from(influence.keys()).sort((a, b) => influence[b]! - influence[a]!);
  const moving = order.slice(0, NAMED).filter((step) => influence[step]! > 0);
  const most = moving.map((step) => step + 1).join(', ');
  const moved = most === '' ? 'No input moves it.' : `Moved most by the inputs of the steps ${most}.`;
  return `After step ${asked + 1}: output ${output ?? 'of no class'}, ${wanted}. ${moved}`;
}

/** What a row or a line of this name has at the step. */
function shownAs({ tracks, asked }: View, label: string): string | undefined {
  for (const track of tracks) {
    if (track.kind === 'symbols' && track.label === label) return track.symbols[asked] || undefined;
    if (track.kind !== 'lines') continue;
    const value = track.lines.find((line) => line.label === label)?.values[asked];
    if (value !== undefined) return Number.isNaN(value) ? undefined : inWords(value);
  }
  return undefined;
}

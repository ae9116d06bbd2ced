import { element } from './page/element.ts';
import { whenNear } from './page/when-near.ts';
import { Workspace } from './page/workspace.ts';
import './page/style.css';

/**
 * Puts the explorer into an element of a page.
 *
 * @param left  aborted once that element is taken from the page
 */
export function mount(root: HTMLElement, left: AbortSignal): void {
  const code = element('div', 'ex-code');
  const run = element('section', 'ex-part', { id: 'ex-run', 'aria-label': 'Run' });
  const training = element('section', 'ex-part', { id: 'ex-training', 'aria-label': 'Train' });
  root.classList.add('ex');
  root.replaceChildren(code, run, training);
  const workspace = new Workspace(root, code, left);
  whenNear(run, async () => {
    const { mountRun } = await import('./run/view.ts');
    if (!left.aborted) mountRun(run, workspace);
  });
  whenNear(training, async () => {
    const { mountTraining } = await import('./training/view.ts');
    if (!left.aborted) mountTraining(training, workspace);
  });
}

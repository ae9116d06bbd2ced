import { sourceOf } from './catalogue.ts';
import { Workspace } from './page/workspace.ts';
import './page/style.css';

/** The cell of a page whose address names none. */
const FIRST = 'gru';

/** Puts the explorer into an element of a page. */
export function mount(root: HTMLElement): void {
  const workspace = new Workspace(root, sourceOf(FIRST)!);
  // Where the parts below the panes are mounted: each into its section, with the workspace as its Explorer.
  void workspace;
}

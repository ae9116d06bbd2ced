/** Puts the explorer into an element of a page. */
export function mount(root: HTMLElement): void {
  root.textContent = 'explorer';
}

/** The colours of the page around an element, as they are now. */
export function coloursOf(of: Element): (name: string, otherwise: string) => string {
  const style = getComputedStyle(of);
  return (name, otherwise) => style.getPropertyValue(`--ex-${name}`).trim() || otherwise;
}

/** Calls a listener whenever the page turns dark or light. */
export function onTheme(listener: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', listener);
  new MutationObserver(listener).observe(document.documentElement, { attributeFilter: ['class'] });
}

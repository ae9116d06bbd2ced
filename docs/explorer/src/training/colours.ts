/** The colours of the page around an element, as they are now. */
export function coloursOf(of: Element): (name: string, otherwise: string) => string {
  const style = getComputedStyle(of);
  return (name, otherwise) => style.getPropertyValue(`--ex-${name}`).trim() || otherwise;
}

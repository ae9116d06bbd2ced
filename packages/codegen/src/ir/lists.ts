/** Adds to the list under a key. */
export function append<K, T>(lists: Map<K, T[]>, key: K, element: T): void {
  const list = lists.get(key);
  if (list) list.push(element);
  else lists.set(key, [element]);
}

/** @throws where something left a property on what every object, every array or every function has */
export function expectUnpolluted(): void {
  for (const prototype of [Object.prototype, Array.prototype, Function.prototype]) {
    for (const name in prototype) throw new Error(`every object has a property ${JSON.stringify(name)} now`);
  }
}

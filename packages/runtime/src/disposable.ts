import { CongruentError } from './errors.ts';

/** Makes `using` work for a class with `dispose`, in engines that have `Symbol.dispose`. */
export function disposable(prototype: { dispose(): void }): void {
  if (Symbol.dispose === undefined) return;
  Object.defineProperty(prototype, Symbol.dispose, {
    configurable: true,
    writable: true,
    value(this: { dispose(): void }): void {
      this.dispose();
    },
  });
}

/** The error for a use after `dispose()`, e.g. of `GRU.forward`. */
export const disposedError = (where: string): CongruentError =>
  new CongruentError(
    'CONGRUENT_DISPOSED',
    `${where}: used after dispose(), which released its buffers. Create a new one.`,
  );

import { CongruentError } from './errors.ts';

/** Makes `using` work for a class with `dispose`, in engines that have `Symbol.dispose`. */
export function disposable(prototype: { dispose(): void }): void {
  if (Symbol.dispose === undefined) return;
  Object.assign(prototype, {
    [Symbol.dispose](this: { dispose(): void }): void {
      this.dispose();
    },
  });
}

/** The error for a use after `dispose()`, e.g. of `GRU.forward`. */
export const disposedError = (where: string): CongruentError =>
  new CongruentError('CONGRUENT_DISPOSED', `${where}: used after dispose(). Create a new one.`);

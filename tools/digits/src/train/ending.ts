import { constants } from 'node:os';

/** What ends a program that is under way: Ctrl-C, a request of the system, a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Hears that the program is to end, so that it can save first. */
export class Ending {
  /** The exit code, once it is to end. */
  code: number | undefined;

  private readonly onSignal = (signal: (typeof SIGNALS)[number]): void => {
    this.code = 128 + constants.signals[signal];
  };

  constructor() {
    // Ctrl-C comes twice under npm, which passes it on.
    for (const signal of SIGNALS) process.on(signal, this.onSignal);
    // Nobody reads on. These stay, as what is still written fails later.
    for (const stream of [process.stdout, process.stderr]) {
      stream.on('error', () => {
        this.code ??= 128 + constants.signals.SIGPIPE;
      });
    }
  }

  /** From here on signals end the program at once. */
  ignore(): void {
    for (const signal of SIGNALS) process.off(signal, this.onSignal);
  }
}

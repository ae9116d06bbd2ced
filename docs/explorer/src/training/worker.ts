import type { Command, Gaze, Report } from './protocol.ts';
import { Session } from './session.ts';

/** How long the worker trains before it listens again, in milliseconds. */
const BUSY = 10;

let session: Session | undefined;
let gaze: Gaze = { sample: 0, asked: 0 };

const report = (message: Report): void => postMessage(message);

/** Wakes the worker after what was sent to it meanwhile; timers would keep it waiting. */
const { port1, port2 } = new MessageChannel();
port1.onmessage = (): void => {
  const end = performance.now() + BUSY;
  while (session?.running && performance.now() < end) session.step();
  if (session?.running) port2.postMessage(undefined);
};

async function obey(command: Command): Promise<void> {
  switch (command.kind) {
    case 'open':
      return await open(command);
    case 'run':
      if (!session || session.running) return;
      session.running = true;
      return port2.postMessage(undefined);
    case 'pause':
      if (session) session.running = false;
      return;
    case 'step':
      return session?.step();
    case 'rate':
      if (session) session.learningRate = command.learningRate;
      return;
    case 'look':
      gaze = command.gaze;
      return;
    case 'frame':
      return report(session ? { kind: 'frame', ...session.frame(gaze) } : { kind: 'nothing' });
    case 'save':
      if (session) report({ kind: 'saved', download: session.download(command.format) });
      return;
    default:
      return command satisfies never;
  }
}

async function open({ setup, gaze: first }: Command & { readonly kind: 'open' }): Promise<void> {
  session?.dispose();
  session = undefined;
  gaze = first;
  const opened = await Session.open(setup);
  if (typeof opened === 'string') return report({ kind: 'refused', reason: opened });
  session = opened;
  report({ kind: 'opened', ...session.opened });
}

/** One command after the other, as opening may have to load something. */
let last: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<Command>) => {
  last = last
    .then(() => obey(data))
    .catch(({ message }: Error) => report({ kind: session ? 'failed' : 'refused', reason: message }));
});

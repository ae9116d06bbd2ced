import { Machine } from './machine.ts';
import type { Answer, Asked, Replies, Request } from './protocol.ts';

let machine: Machine | undefined;

async function replyTo(request: Request): Promise<Replies[keyof Replies]> {
  if (request.kind === 'open') {
    machine?.dispose();
    machine = undefined;
    machine = await Machine.open(request.setup);
    return machine.opened;
  }
  switch (request.kind) {
    case 'reset':
      machine!.reset();
      return undefined;
    case 'step':
      return machine!.step(request.steps, request.inputs);
    case 'measure':
      return machine!.measure();
    default:
      return request satisfies never;
  }
}

/** One request after the other, as opening a cell takes its time. */
let last: Promise<void> = Promise.resolve();

addEventListener('message', ({ data: { id, request } }: MessageEvent<Asked>) => {
  const answer = (given: Answer): void => postMessage(given);
  last = last.then(async () => {
    try {
      answer({ id, reply: await replyTo(request) });
    } catch (error) {
      answer({ id, refused: (error as Error).message });
    }
  });
});

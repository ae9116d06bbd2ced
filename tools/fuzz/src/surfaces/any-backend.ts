import * as fc from 'fast-check';
import { availableBackends, type Backend } from '../backends.ts';

/** Those that can be had here, by name. */
export const backends: ReadonlyMap<string, Backend> = new Map(
  (await availableBackends()).map((backend) => [backend.name, backend]),
);

/** The name of one; seldom one that does not answer at once, as it is slow to begin with. */
export const anyBackend: fc.Arbitrary<string> = fc.oneof(
  ...[...backends.values()].map(({ name, sync }) => ({ weight: sync ? 200 : 1, arbitrary: fc.constant(name) })),
);

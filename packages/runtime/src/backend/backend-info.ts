import type { BackendInfo } from '../api/module.ts';
import type { Backend } from '../backend/backend.ts';
import type { Supports } from '../backend/supports.ts';

/**
 * What a backend says of itself.
 *
 * @param choice  the names of the backends behind it, where it chooses among several
 */
export function backendInfo(
  { name, supports, devices }: Pick<Backend, 'name' | 'supports' | 'devices'>,
  choice?: readonly string[],
): BackendInfo {
  const everywhere: Supports = Object.freeze({ ...supports, subnormals: supports.subnormals ?? true });
  const info = { name, supports: everywhere, ...(choice && { backends: Object.freeze([...choice]) }) };
  if (devices === undefined) return Object.freeze(info);
  const entries = Object.entries(devices).map(
    ([device, more]) => [device, Object.freeze({ ...everywhere, ...more })] as const,
  );
  return Object.freeze({ ...info, devices: Object.freeze(Object.fromEntries(entries)) });
}

import type { BackendInfo } from '../api/module.ts';
import type { Backend } from '../backend/backend.ts';
import type { Supports } from '../backend/supports.ts';

/** What a backend says of itself. */
export function backendInfo({ name, supports, devices }: Pick<Backend, 'name' | 'supports' | 'devices'>): BackendInfo {
  const everywhere: Supports = Object.freeze({ ...supports, subnormals: supports.subnormals ?? true });
  if (devices === undefined) return Object.freeze({ name, supports: everywhere });
  const entries = Object.entries(devices).map(
    ([device, more]) => [device, Object.freeze({ ...everywhere, ...more })] as const,
  );
  return Object.freeze({ name, supports: everywhere, devices: Object.freeze(Object.fromEntries(entries)) });
}

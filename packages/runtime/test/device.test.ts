import { expect, test } from 'vitest';
import type { Backend, FloatArray } from '../src/index.ts';
import { defined } from './defined.ts';
import { linearBackend } from './linear-backend.ts';

const options = { inputSize: 2, hiddenSize: 3, dtype: 'float64' } as const;
const { backend } = linearBackend('sync');

/** The linear backend on devices of which `open` takes the one it likes. */
const withDevices: Backend<'sync', FloatArray> = {
  ...backend,
  devices: { slow: {}, fast: { subnormals: false } },
  open: async (given) => ({ ...(await backend.open(given)), device: given['device'] === 'auto' ? 'fast' : 'slow' }),
};

test('device is what the engine says runs it, for GRU and GRUCell', async () => {
  const { GRU, GRUCell } = defined<'sync', FloatArray, { device?: string }>(withDevices);
  expect((await GRU.create({ ...options, device: 'auto' })).device).toBe('fast');
  expect((await GRUCell.create({ ...options, device: 'any' })).device).toBe('slow');
});

test('device is undefined where the backend has no choice', async () => {
  expect((await defined(backend).GRU.create(options)).device).toBeUndefined();
  expect(defined(backend).backend).not.toHaveProperty('devices');
});

test('backend is the name of the backend, or what the engine says where several are behind one', async () => {
  const several: Backend<'sync', FloatArray> = {
    ...backend,
    open: async (given) => ({ ...(await backend.open(given)), backend: 'second' }),
  };
  expect((await defined(backend).GRU.create(options)).backend).toBe(backend.name);
  expect((await defined(several).GRU.create(options)).backend).toBe('second');
  expect((await defined(several).GRUCell.create(options)).backend).toBe('second');
});

test('backend.devices is what holds on each device, backend.supports what holds on all', () => {
  const { supports, devices } = defined(withDevices).backend;
  expect(supports.subnormals).toBe(true);
  expect(devices).toEqual({ slow: supports, fast: { ...supports, subnormals: false } });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type StateDict, type StoredStateDict, writeSafetensors } from '@congruent/runtime';
import { application } from './application.ts';

/** Numbers that differ, as a tensor. */
export const numbers = (...shape: readonly number[]) => ({
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + 1)),
  shape,
});

/** Of a layer with one number of gates, in torch's names. */
export const layer = (gates: number, I: number, H: number, prefix = '', end = '_l0'): StateDict => ({
  [`${prefix}weight_ih${end}`]: numbers(gates * H, I),
  [`${prefix}weight_hh${end}`]: numbers(gates * H, H),
  [`${prefix}bias_ih${end}`]: numbers(gates * H),
  [`${prefix}bias_hh${end}`]: numbers(gates * H),
});

/** A folder with files of tensors by their names, and others; the backends installed there. */
export function modelFolder(
  models: Readonly<Record<string, StoredStateDict>>,
  files: Readonly<Record<string, string>> = {},
): string {
  const root = application(files);
  for (const [name, tensors] of Object.entries(models)) writeFileSync(join(root, name), writeSafetensors(tensors));
  return root;
}

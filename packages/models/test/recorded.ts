/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor } from '@congruent/runtime';
import { expect, test } from 'vitest';
import { models, present } from './public-models.mjs';

/** A model file with what the tool that made it says of it; shared/models/README.md describes `expected`. */
export interface Recorded {
  /** Its folder, e.g. `onnx/gru_lbr0`. */
  readonly path: string;
  readonly kind: string;
  readonly expect: 'read' | 'refuse' | 'read-or-refuse';
  /** The main file, and all by name. */
  readonly file: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  // biome-ignore lint/suspicious/noExplicitAny: each tool's record has keys of its own
  readonly expected: any;
}

interface Listed {
  readonly path: string;
  readonly kind: string;
  readonly files: readonly string[];
  readonly expect: Recorded['expect'];
}

const list: readonly Listed[] = present ? JSON.parse(readFileSync(join(models, 'index.json'), 'utf8')).items : [];

/** The recorded files of a kind; none, and a skipped test that says so, where there are none on this machine. */
export function recorded(kind: string): readonly Recorded[] {
  if (!present) test.skip(`no model files in ${models}: set CONGRUENT_MODELS`, () => {});
  return list.filter((item) => item.kind === kind).map(load);
}

function load({ path, kind, files, expect }: Listed): Recorded {
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(models, path, name)));
  const expected = JSON.parse(readFileSync(join(models, path, 'expected.json'), 'utf8'));
  return {
    path,
    kind,
    expect,
    file: expected.file ?? files[0],
    files: Object.fromEntries(files.map((name) => [name, read(name)])),
    expected,
  };
}

/** A tensor as the records have them, in float32. */
export const float32 = ({
  data,
  shape,
}: {
  readonly data: readonly number[];
  readonly shape: readonly number[];
}): Tensor => ({
  data: Float32Array.from(data),
  shape,
});

/** Within the bound of the records' README: twice the tool's own error, or 1e-6 of the largest value. */
export function expectNear(
  got: Tensor,
  wanted: { readonly data: readonly number[]; readonly shape: readonly number[] },
  toolError = 0,
): void {
  expect(got.shape).toEqual(wanted.shape);
  const largest = Math.max(1, ...wanted.data.map(Math.abs));
  const farthest = Math.max(...wanted.data.map((value, i) => Math.abs(got.data[i]! - value)));
  expect(farthest).toBeLessThanOrEqual(Math.max(2 * toolError, 1e-6) * largest);
}

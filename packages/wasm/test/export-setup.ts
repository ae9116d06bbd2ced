import type { TestProject } from 'vitest/node';
import { engineFiles } from './exported.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The files of a model, which a page cannot export. */
    readonly exported: { readonly bytes: readonly number[]; readonly source: string };
  }
}

/** Exports the model that pages run. */
export default function setup({ provide }: TestProject): void {
  const { bytes, source } = engineFiles();
  provide('exported', { bytes: [...bytes], source });
}

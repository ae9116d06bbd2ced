import { importApart, install, isInstalled } from '../../../../tools/testing/apart.mjs';

/** Where Silero's model and onnxruntime-web are installed, on their own, so that `npm ci` at the top does not bring them. */
export const original: URL = new URL('../original/', import.meta.url);

/** Installs them where they are not there. */
export const installOriginal = (): void =>
  install(original, 'Silero VAD and onnxruntime-web into docs/examples/vad/original (about 160 MB)');

/** Whether they are there. */
export const originalInstalled = (): boolean => isInstalled(original);

/** A module of theirs; who asks says what is used of it. */
export const importOriginal = <Module>(specifier: string): Promise<Module> => importApart(original, specifier);

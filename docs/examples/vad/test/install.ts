import { installOriginal, originalInstalled } from '../src/original.ts';

/** In CI the model is installed, or it is an error that it is not; once, before the tests run side by side. */
export default function setup(): void {
  if (process.env['CI']) installOriginal();
  if (!originalInstalled())
    console.warn('SKIPPED: tests of Silero VAD need its model. `npm run example:vad` installs it.');
}

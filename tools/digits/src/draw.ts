import { FEATURES, STEPS } from './data.ts';

const SHADES = [' ', '░', '▒', '▓', '█'] as const;

/** Images of 8×8 pixels from 0 to 1 side by side, each under its caption. */
export function draw(images: readonly Float32Array[], captions: readonly string[]): string {
  const rows = Array.from({ length: STEPS }, (_, row) =>
    images.map((image) => shade(image.subarray(row * FEATURES, (row + 1) * FEATURES))).join('  '),
  );
  return [captions.map((caption) => caption.padEnd(2 * FEATURES)).join('  '), ...rows]
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Two characters a pixel, which makes it about square in a terminal. */
const shade = (pixels: Float32Array): string =>
  [...pixels].map((pixel) => SHADES[Math.round(pixel * (SHADES.length - 1))]!.repeat(2)).join('');

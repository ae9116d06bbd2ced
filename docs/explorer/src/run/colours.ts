type Colour = readonly [red: number, green: number, blue: number];

/** The colours of a scale from the least to the most value, zero in the middle, as the page's theme has them. */
export interface Scale {
  readonly low: Colour;
  readonly zero: Colour;
  readonly high: Colour;
  /** Of what is no number. */
  readonly none: Colour;
}

export function scaleIn(root: HTMLElement): Scale {
  const style = getComputedStyle(root);
  const colour = (name: string): Colour =>
    style.getPropertyValue(`--ex-run-${name}`).trim().split(/\s+/).map(Number) as unknown as Colour;
  return { low: colour('low'), zero: colour('zero'), high: colour('high'), none: colour('none') };
}

/** Writes the colour of a value into an image; `range`: the value of the strongest colours. */
export function paint(pixels: Uint8ClampedArray, at: number, value: number, range: number, scale: Scale): void {
  const share = Math.min(1, Math.abs(value) / range);
  const end = value < 0 ? scale.low : scale.high;
  for (let part = 0; part < 3; part++) {
    const zero = scale.zero[part]!;
    pixels[at + part] = Number.isNaN(value) ? scale.none[part]! : zero + (end[part]! - zero) * share;
  }
  pixels[at + 3] = 255;
}

/** Calls a listener whenever the page turns dark or light, until it is left. */
export function onTheme(left: AbortSignal, listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['class'] });
  left.addEventListener('abort', () => observer.disconnect());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', listener, { signal: left });
}

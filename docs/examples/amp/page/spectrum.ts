/** What is drawn: frequencies in hertz on a logarithmic axis, levels in decibels. */
const [LOWEST, HIGHEST] = [50, 16_000];
const [QUIET, LOUD] = [-100, -10];
const MARKS = [100, 200, 500, 1000, 2000, 5000, 10_000];

/** A plot of two spectra, the one that comes in as a line, the one that goes out filled. */
export function spectrum(canvas: HTMLCanvasElement): {
  draw(dry: AnalyserNode, wet: AnalyserNode): void;
  clear(): void;
} {
  const context = canvas.getContext('2d')!;
  const colour = (name: string) => getComputedStyle(canvas).getPropertyValue(name);
  let size = { width: 0, height: 0 };

  const x = (hertz: number) => (size.width * Math.log(hertz / LOWEST)) / Math.log(HIGHEST / LOWEST);
  const y = (decibels: number) => size.height * (1 - (decibels - QUIET) / (LOUD - QUIET));

  /** Fits the pixels to the screen's, and draws the axis. */
  function clear(): void {
    const ratio = devicePixelRatio;
    size = { width: canvas.clientWidth, height: canvas.clientHeight - 20 };
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    context.scale(ratio, ratio);
    context.font = `12px ${getComputedStyle(canvas).fontFamily}`;
    context.textAlign = 'center';
    for (const hertz of MARKS) {
      context.fillStyle = colour('--line');
      context.fillRect(x(hertz), 0, 1, size.height);
      context.fillStyle = colour('--quiet');
      context.fillText(hertz < 1000 ? `${hertz}` : `${hertz / 1000}k`, x(hertz), size.height + 15);
    }
  }

  /** The path along a spectrum: between two bins where they lie apart, at the loudest of them where many are one pixel. */
  function trace(analyser: AnalyserNode): void {
    const levels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(levels);
    // Silence is at minus infinity.
    const level = (k: number) => Math.max(levels[k]!, QUIET);
    const bin = (pixel: number) =>
      (LOWEST * (HIGHEST / LOWEST) ** (pixel / size.width) * analyser.fftSize) / analyser.context.sampleRate;
    context.beginPath();
    for (let pixel = 0; pixel <= size.width; pixel += 2) {
      const [from, to] = [bin(pixel), bin(pixel + 2)];
      const below = Math.floor(from);
      let decibels = level(below) + (from - below) * (level(below + 1) - level(below));
      for (let k = below + 1; k < to; k++) decibels = Math.max(decibels, level(k));
      context.lineTo(pixel, y(decibels));
    }
  }

  return {
    clear,
    draw(dry, wet) {
      clear();
      trace(wet);
      context.lineTo(size.width, size.height);
      context.lineTo(0, size.height);
      context.fillStyle = colour('--out');
      context.fill();
      trace(dry);
      context.strokeStyle = colour('--in');
      context.lineWidth = 1.5;
      context.stroke();
    },
  };
}

// The fourth-order central difference: steps, and weights in twelfths.
const STENCIL = [
  [1, 8],
  [-1, -8],
  [2, -1],
  [-2, 1],
] as const;

/** The derivative of a function of one number at 0, from its values one and two steps away. */
export async function slopeAtZero(value: (at: number) => Promise<number>, step: number): Promise<number> {
  let slope = 0;
  for (const [steps, weight] of STENCIL) slope += (weight * (await value(steps * step))) / (12 * step);
  return slope;
}

/** How much of an error of the values reaches the slope. */
export const slopeRounding = (step: number): number =>
  STENCIL.reduce((sum, [, weight]) => sum + Math.abs(weight), 0) / (12 * step);

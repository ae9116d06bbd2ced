import { type Bound, boundText } from './bounds.ts';

type Numbers = ArrayLike<number>;

/** Throws where `holds` is false. */
export function expect(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}

/** Plain values and lists of them, compared with `Object.is`. */
export function expectEqual(what: string, got: unknown, expected: unknown): void {
  const [left, right] = [text(got), text(expected)];
  expect(left === right, `${what}: got ${left}, expected ${right}`);
}

/** Every entry of the same bits; NaNs count as equal whatever their payload. */
export function expectSameBits(what: string, got: Numbers, expected: Numbers): void {
  expectEach(what, got, expected, 'the same bits', Object.is);
}

/** Every entry within the bound; where `expected` is NaN or infinite, the same. */
export function expectWithin(what: string, got: Numbers, expected: Numbers, bound: Bound): void {
  expectEach(what, got, expected, boundText(bound), (value, wanted) =>
    Number.isFinite(wanted) ? Math.abs(value - wanted) <= bound(wanted) : Object.is(value, wanted),
  );
}

/** Every entry from `low` to `high`. */
export function expectInside(
  what: string,
  got: Numbers,
  intervals: readonly { readonly low: number; readonly high: number }[],
): void {
  expectEqual(`${what}: number of entries`, got.length, intervals.length);
  intervals.forEach(({ low, high }, i) => {
    const value = got[i]!;
    expect(low <= value && value <= high, `${what}[${i}]: got ${value}, expected a number from ${low} to ${high}`);
  });
}

function expectEach(
  what: string,
  got: Numbers,
  expected: Numbers,
  bound: string,
  holds: (value: number, wanted: number) => boolean,
): void {
  expectEqual(`${what}: number of entries`, got.length, expected.length);
  let wrong = 0;
  let first = -1;
  for (let i = 0; i < expected.length; i++) {
    if (holds(got[i]!, expected[i]!)) continue;
    if (first < 0) first = i;
    wrong++;
  }
  if (first < 0) return;
  const [value, wanted] = [got[first]!, expected[first]!];
  throw new Error(
    `${what}[${first}]: got ${text(value)}, expected ${text(wanted)}, off by ${Math.abs(value - wanted)}, ` +
      `bound ${bound}; ${wrong} of ${expected.length} entries are wrong`,
  );
}

function text(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'number' || value === undefined) return `${value}`;
  return Array.isArray(value) ? `[${value.map(text).join(', ')}]` : JSON.stringify(value);
}

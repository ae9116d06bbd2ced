import { describe, expect, test } from 'vitest';
import { defineCell, SpecError } from '../src/index.ts';
import { parseCell, parseFunction } from '../src/parser.ts';

const inCell = (expression: string): unknown => parseCell(`c(h[H]) -> h'\n h' =\n${expression}`);

const inFunction = (expression: string): unknown =>
  parseFunction(`f(h) -> y   within 1 ulp   derivative y\n y =\n${expression}\n float32 C = 1 float64 C = 1`);

interface Way {
  readonly parse?: (expression: string) => unknown;
  /** An expression of so many levels. */
  readonly nest: (levels: number) => string;
  /** The token that the carets stand under where there are too many levels. */
  readonly at: string;
}

const ways: Readonly<Record<string, Way>> = {
  parentheses: { nest: (levels) => `${'('.repeat(levels)}h${')'.repeat(levels)}`, at: '(' },
  negations: { nest: (levels) => `${'-'.repeat(levels)}h`, at: '-' },
  calls: { nest: (levels) => `${'tanh('.repeat(levels)}h${')'.repeat(levels)}`, at: '(' },
  'a chain of sums': { nest: (levels) => `h${' + h'.repeat(levels)}`, at: '+' },
  'a chain of products': { nest: (levels) => `h${' * h'.repeat(levels)}`, at: '*' },
  'conditionals in an arm': {
    parse: inFunction,
    nest: (levels) => `${'if h < 1 then h else '.repeat(levels)}h`,
    at: 'if',
  },
  'conditionals in a condition': {
    parse: inFunction,
    nest: (levels) => `${'if '.repeat(levels)}h${' < 1 then h else h'.repeat(levels)}`,
    at: 'if',
  },
};

/** Two ways at once: the levels of both count. */
const mixtures: Readonly<Record<string, Way>> = {
  'sums in parentheses to the right': {
    nest: (levels) => `${'h + ('.repeat(levels >> 1)}${levels % 2 ? '-h' : 'h'}${')'.repeat(levels >> 1)}`,
    at: '-',
  },
  'a chain in a call': { nest: (levels) => `tanh(h${' - h'.repeat(levels - 1)})`, at: 'tanh' },
  'a chain in parentheses': { nest: (levels) => `(h${' - h'.repeat(levels - 1)})`, at: '(' },
  'a negated chain': { nest: (levels) => `-h${' * h'.repeat(levels - 1)}`, at: '-' },
  'a chain among the operands of a call': { nest: (levels) => `f(h, h${' + h'.repeat(levels - 1)}, h)`, at: 'f' },
};

function errorOf(attempt: () => unknown): SpecError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof SpecError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

function expectRefused({ parse = inCell, nest, at }: Way, levels: number): void {
  const { code, message } = errorOf(() => parse(nest(levels)));
  expect(code).toBe('SPEC_DEPTH');
  const [problem, excerpt, remedy] = message.split('\n\n');
  expect(problem).toBe('SPEC_DEPTH: an expression is nested deeper than 250 levels');
  const [line, carets] = excerpt!.split('\n');
  expect(line).toMatch(/^ {2}3 \| /);
  expect(line!.slice(carets!.indexOf('^'), carets!.lastIndexOf('^') + 1)).toBe(at);
  expect(remedy).toBe('Name parts of it as equations of their own.');
}

describe.each(Object.entries({ ...ways, ...mixtures }))('%s', (_, way) => {
  test('250 levels are accepted', () => {
    expect(() => (way.parse ?? inCell)(way.nest(250))).not.toThrow();
  });

  test('251 levels are refused with line, caret and remedy', () => expectRefused(way, 251));
});

test.each(Object.entries(ways))('%s: 100,000 levels are refused', (_, way) => expectRefused(way, 100_000));

test('a cell with 250 levels passes every check, and a message about it is short', () => {
  const { equations } = defineCell(`c(h[H]) -> h'\n h' = h${' + h'.repeat(250)}`);
  expect(equations).toHaveLength(1);
  const { code, message } = errorOf(() => defineCell(`c(h[H]) -> h'\n h' = h${' + h'.repeat(240)} + g + h`));
  expect(code).toBe('SPEC_UNDECLARED_NAME');
  expect(message.length).toBeLessThan(500);
  expect(message).toContain('…h + h');
  const [line, carets] = message.split('\n').slice(2, 4);
  expect(line![carets!.indexOf('^')]).toBe('g');
});

describe('many equations', () => {
  /** Milliseconds of processor time that a cell takes, of a few tries the best. */
  const time = (text: string): number => {
    const once = (): number => {
      const start = process.cpuUsage();
      defineCell(text);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    };
    return Math.min(...Array.from({ length: 3 }, once));
  };

  const range = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);

  test('1,000, each reading the one before, take less than 100 ms', () => {
    const equations = range(1000).map((index) => ` z${index} = tanh(z${index - 1} + x)`);
    expect(time(`c(x[H], h[H]) -> h'\n z0 = x + h\n${equations.join('\n')}\n h' = z1000`)).toBeLessThan(100);
  });

  test('take a time that grows as their number, however late their shape is known', () => {
    // z0 is made the same as one more parameter by every equation, and all their shapes follow from the last one.
    const cell = (length: number): string => {
      const equations = range(length).map((index) => ` z${index} = z${index - 1} + (z0 + a${index}) * z0 - z0`);
      const parameters = range(length).map((index) => `a${index}`);
      const layout = `layout plain\n a = [a0; ${parameters.join('; ')}]`;
      return `c(x[H], h[H]) -> h'\n z0 = a0 + a0\n${equations.join('\n')}\n h' = z${length} + x + h\n ${layout}`;
    };
    expect(time(cell(16_000))).toBeLessThan(24 * time(cell(2000)));
  }, 30_000);
});

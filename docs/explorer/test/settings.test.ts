import { describe, expect, test } from 'vitest';
import { cellSetting, textOfSetting } from '../src/page/cell-setting.ts';
import { parsed, printed } from '../src/page/settings.ts';
import { catalogue } from './catalogue.ts';

describe('the cell in the address', () => {
  test('is a name where it is of the catalogue', async () => {
    expect(await cellSetting(catalogue.sourceOf('lstm')!, catalogue)).toBe('lstm');
    expect(await textOfSetting('lstm', catalogue)).toBe(catalogue.sourceOf('lstm'));
  });

  test.each(["c(x[H], h[H]) -> h'\n  h' = z * h   # σ ⊙ …\n", '', `${catalogue.sourceOf('lstm')} # mine`])(
    'is a text of letters that need no escape otherwise: %j',
    async (text) => {
      const setting = await cellSetting(text, catalogue);
      expect(setting).toMatch(/^~[\w-]*$/);
      expect(await textOfSetting(setting, catalogue)).toBe(text);
    },
  );

  test.each(['no_such_cell', '~', '~!!', '~AAAA', '~abcdefgh'])(
    'is none where the address is damaged: %s',
    async (setting) => {
      expect((await textOfSetting(setting, catalogue)) ?? '').toBe('');
    },
  );

  test('is none where it would fill the memory', async () => {
    const setting = await cellSetting('#'.repeat(1_000_000), catalogue);
    expect(setting.length).toBeLessThan(2000);
    expect(await textOfSetting(setting, catalogue)).toBeUndefined();
  });
});

test('settings come back from the address as they were', () => {
  const settings = new Map([
    ['cell', '~x-_9'],
    ['panes', 'ir.plan'],
    ['run.note', 'a b&c=d#é'],
  ]);
  expect(parsed(printed(settings))).toEqual(settings);
  expect(parsed('#heading')).toEqual(new Map());
  expect(printed(new Map())).toBe('');
});

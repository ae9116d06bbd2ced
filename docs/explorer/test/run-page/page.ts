/// <reference path="../../src/page/style.d.ts" />

// The part of the explorer that runs cells, without the others: the cell is what the test says.
import { gru } from '@congruent/spec';
import '../../page.css';
import '../../src/page/style.css';
import { mountRun } from '../../src/run/view.ts';

const listeners: ((text: string) => void)[] = [];
const settings = new Map([...new URLSearchParams(location.hash.slice(1))]);

const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = (): boolean => document.documentElement.classList.toggle('dark', dark.matches);
dark.addEventListener('change', follow);
follow();

mountRun(document.querySelector<HTMLElement>('#run')!, {
  onCell(listener) {
    listeners.push(listener);
    listener(gru.source);
  },
  settings: {
    get: (name) => settings.get(name),
    set(name, value) {
      if (value === undefined) settings.delete(name);
      else settings.set(name, value);
    },
    onFollowed() {},
  },
  left: new AbortController().signal,
});

Object.assign(globalThis, {
  settings,
  showCell(text: string) {
    for (const listener of listeners) listener(text);
  },
});

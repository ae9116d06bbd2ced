// The explorer on a page of its own, for its tests and for work on it; the site decides by itself what is dark.
import { mount } from './src/mount.ts';

const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = (): boolean => document.documentElement.classList.toggle('dark', dark.matches);
dark.addEventListener('change', follow);
follow();
mount(document.querySelector<HTMLElement>('#explorer')!, new AbortController().signal);

import type { TaskKind } from './task.ts';

/** The tasks as a menu has them; what they need is not loaded with it. */
export const kinds: readonly TaskKind[] = [
  {
    name: 'adding',
    title: 'Adding problem',
    about: 'Two of the numbers are marked, one in each half. At the end their sum is asked.',
    steps: { least: 4, most: 200, usual: 20 },
  },
  {
    name: 'copy',
    title: 'Copy problem',
    about: 'Four symbols come, then nothing for a while. When asked, the network is to repeat them in order.',
    steps: { least: 8, most: 200, usual: 16 },
  },
  {
    name: 'sine',
    title: 'Sine, next value',
    about: 'A wave of unknown frequency and phase, value by value. At every step the next value is asked.',
    steps: { least: 4, most: 200, usual: 40 },
  },
  {
    name: 'text',
    title: 'Text, next character',
    about:
      'Lewis Carroll’s Jabberwocky (1871, public domain), from anywhere in it. At every step the next character is asked.',
    steps: { least: 4, most: 100, usual: 32 },
  },
  {
    name: 'digits',
    title: 'Handwritten digits',
    about:
      'An 8 × 8 image, row by row. After the last row the digit is asked. Alpaydin and Kaynak, Optical Recognition of ' +
      'Handwritten Digits (UCI, 1998, doi 10.24432/C50P49, CC BY 4.0): 1437 images to learn from, 360 others to look at.',
    steps: { least: 8, most: 8, usual: 8 },
  },
];

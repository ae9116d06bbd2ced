import type { Download } from './downloads.ts';

/** Gives a file to the reader. */
export function save({ name, type, contents }: Download): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([contents], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}

import { element } from './element.ts';

/** A button that copies the address of the page as it is, and says so. */
export function copyLink(address: () => Promise<string>): HTMLElement {
  const button = element('button', 'ex-button', { type: 'button' }, 'Copy link');
  const said = element('span', 'ex-said', { role: 'status' });
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(await address());
      said.textContent = 'Copied';
    } catch {
      said.textContent = 'The address bar has it';
    }
    setTimeout(() => said.replaceChildren(), 4000);
  });
  return element('div', 'ex-copy', {}, said, button);
}

/// <reference lib="dom" />

/**
 * What a module posts to its parent in a page whose Content-Security-Policy has this `script-src`.
 *
 * @param script  the address of the module, from `import url from './module.ts?worker&url'`
 */
export async function reportUnder<T>(sources: string, script: string): Promise<T> {
  const frame = document.createElement('iframe');
  const policy = `script-src ${sources}`;
  const address = new URL(script, location.href).href;
  frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${policy}"><script type="module" src="${address}"></script>`;
  const answer = new Promise<T>((resolve) => {
    addEventListener('message', function listen({ source, data }) {
      if (source !== frame.contentWindow) return;
      removeEventListener('message', listen);
      resolve(data);
    });
  });
  document.body.append(frame);
  try {
    return await answer;
  } finally {
    frame.remove();
  }
}

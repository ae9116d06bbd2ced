declare function addEventListener(
  type: 'message',
  listener: (event: { readonly data: unknown; readonly ports: readonly [MessagePort] }) => void,
): void;

/** Answers each message with what the work gives for it, or with the error's code and message. */
export function answer(work: (data: unknown) => unknown): void {
  addEventListener('message', async ({ data, ports: [port] }) => {
    try {
      port.postMessage(await work(data));
    } catch (error) {
      const { code, message } = error as { readonly code?: string; readonly message: string };
      port.postMessage({ code, message });
    }
  });
}

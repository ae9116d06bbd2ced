// Runs commands one after the other in one process, as it loads the compiler of TypeScript once: what each prints, and its
// exit code. A file that was imported stays as it was then.
const cli = new URL('../dist/cli.js', import.meta.url).href;
let count = 0;

process.on('message', async (/** @type {{ cwd: string, args: string[] }} */ { cwd, args }) => {
  /** @type {unknown[]} */
  const lines = [];
  console.log = console.error = (line) => void lines.push(line);
  process.chdir(cwd);
  process.argv = ['node', 'congruent', ...args];
  process.exitCode = undefined;
  await import(`${cli}?${count++}`);
  process.send?.({ printed: lines.join('\n'), exitCode: process.exitCode });
});

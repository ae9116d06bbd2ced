import { createHash } from 'node:crypto';

/** The policy beside what scripts may run: everything comes from the site itself. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "media-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];

const INLINE_SCRIPT = /<script(?:(?! src=)[^>])*>([\s\S]+?)<\/script>/g;

/**
 * A page with its policy in it, so that it needs no header: scripts of the site, the page's few inline ones by their
 * hashes, and WebAssembly.
 */
export function withPolicy(html: string): string {
  const hashes = [...html.matchAll(INLINE_SCRIPT)].map(
    ([, script]) => `'sha256-${createHash('sha256').update(script!).digest('base64')}'`,
  );
  const scripts = ["script-src 'self' 'wasm-unsafe-eval'", ...new Set(hashes)].join(' ');
  const policy = [...POLICY, scripts].join('; ');
  return html.replace('<head>', `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`);
}

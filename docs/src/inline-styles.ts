/** VitePress's own, which style.css has or which it sets again when it runs; the page's policy allows none. */
const VITEPRESS = / style="(?:position:relative|--vp-vh:0px);?"/g;

export const withoutInlineStyles = (html: string): string => html.replaceAll(VITEPRESS, '');

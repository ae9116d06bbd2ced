import { EditorView } from '@codemirror/view';

/** The editor in the colours of the page around it. */
export const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ex-text)', backgroundColor: 'transparent', fontSize: 'var(--ex-code-size)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--ex-mono)', lineHeight: '1.65' },
  '.cm-content': { padding: '12px 0', caretColor: 'var(--ex-text)' },
  '.cm-line': { padding: '0 14px' },
  '.cm-cursor': { borderLeftColor: 'var(--ex-text)' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { boxShadow: 'inset 2px 0 var(--ex-accent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--ex-accent) 24%, transparent)',
  },
  '&.cm-focused .ex-bracket': { backgroundColor: 'color-mix(in srgb, var(--ex-accent) 22%, transparent)' },
  '&.cm-focused .ex-bracket-alone': { backgroundColor: 'color-mix(in srgb, var(--ex-error) 22%, transparent)' },
  '[data-value]': { color: 'var(--ex-value)', borderRadius: '2px' },
  '.ex-token-comment': { color: 'var(--ex-muted)' },
  '.ex-token-keyword, .ex-token-call': { color: 'var(--ex-accent)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--ex-error)',
    textUnderlineOffset: '4px',
    textDecorationSkipInk: 'none',
  },
  '.cm-tooltip': {
    color: 'var(--ex-text)',
    backgroundColor: 'var(--ex-surface)',
    border: '1px solid var(--ex-line)',
    borderRadius: '6px',
    maxWidth: 'min(40rem, 90vw)',
  },
  '.cm-diagnostic': { fontFamily: 'var(--ex-mono)', whiteSpace: 'pre-wrap', borderLeft: 'none', padding: '8px 12px' },
});

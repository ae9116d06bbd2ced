import { history } from '@codemirror/commands';
import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Range, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
} from '@codemirror/view';
import type { Mistake } from '../compiler/compiled.ts';
import { theme } from './editor-theme.ts';
import { highlight } from './highlight.ts';
import { keys } from './keys.ts';
import type { Links } from './links.ts';
import { placesIn } from './notation.ts';

type Named = Readonly<Record<string, number>>;

const setNamed = StateEffect.define<Named>();

/** Which names are values, and where in the text these stand. */
const linked = StateField.define<{ readonly named: Named; readonly decorations: DecorationSet }>({
  create: (state) => linksIn(state, {}),
  update(links, transaction) {
    const named = transaction.effects.find((effect) => effect.is(setNamed))?.value ?? links.named;
    return named === links.named && !transaction.docChanged ? links : linksIn(transaction.state, named);
  },
  provide: (field) => EditorView.decorations.from(field, ({ decorations }) => decorations),
});

function linksIn(state: EditorState, named: Named) {
  const { names, lines } = placesIn(state.doc.toString(), named);
  const decorations: Range<Decoration>[] = [
    ...lines.map(({ from, value }) => Decoration.line({ attributes: { 'data-line': `${value}` } }).range(from)),
    ...names.map(({ from, to, value }) =>
      Decoration.mark({ attributes: { 'data-value': `${value}` } }).range(from, to),
    ),
  ];
  return { named, decorations: Decoration.set(decorations, true) };
}

/** Typing over a selection: Chromium keeps the look of what it replaces in an inline style, which a page may forbid. */
const typing = EditorView.domEventHandlers({
  beforeinput({ inputType, data }, view) {
    const { state } = view;
    if (inputType !== 'insertText' || !data || view.composing || state.selection.main.empty) return false;
    view.dispatch({ ...state.replaceSelection(data), userEvent: 'input.type', scrollIntoView: true });
    return true;
  },
});

/** Where a cell is written. The editor's styles are adopted by a tree of its own, as a page may forbid inline ones. */
export class Editor {
  private readonly view: EditorView;

  constructor(parent: HTMLElement, links: Links, changed: (text: string) => void) {
    const root = parent.attachShadow({ mode: 'open' });
    links.styleIn(root);
    this.view = new EditorView({
      parent: root,
      root,
      extensions: [
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlight,
        linked,
        theme,
        EditorState.languageData.of(() => [{ commentTokens: { line: '#' } }]),
        keymap.of([...keys, ...lintKeymap]),
        typing,
        EditorView.contentAttributes.of({ 'aria-label': 'Cell', spellcheck: 'false', tabindex: '0' }),
        EditorView.updateListener.of(({ docChanged, selectionSet, focusChanged, startState, state, view }) => {
          if (docChanged) changed(state.doc.toString());
          const isLinked = state.field(linked) !== startState.field(linked);
          if (isLinked || selectionSet || focusChanged) links.focus(view.hasFocus ? valueAtCaret(state) : []);
        }),
      ],
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set text(text: string) {
    const { state } = this.view;
    if (text !== this.text) this.view.dispatch({ changes: { from: 0, to: state.doc.length, insert: text } });
  }

  /** The text compiles, and these names of it are values. */
  accept(named: Named): void {
    this.view.dispatch({ effects: setNamed.of(named) }, setDiagnostics(this.view.state, []));
  }

  refuse({ from, to, message }: Mistake): void {
    const end = this.view.state.doc.length;
    const range = { from: Math.min(from, end), to: Math.min(to, end) };
    this.view.dispatch(setDiagnostics(this.view.state, [{ ...range, severity: 'error', message }]));
  }
}

function valueAtCaret(state: EditorState): readonly number[] {
  const { head } = state.selection.main;
  const { names } = placesIn(state.doc.toString(), state.field(linked).named);
  const at = names.find(({ from, to }) => from <= head && head <= to);
  return at ? [at.value] : [];
}

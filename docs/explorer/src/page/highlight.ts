import { type EditorState, type Extension, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';
import { bracketAt } from './brackets.ts';
import { tokensIn } from './notation.ts';

/** What has a look of its own, by the class that it gets. */
const looks = (state: EditorState): DecorationSet =>
  Decoration.set(
    tokensIn(state.doc.toString()).map(({ from, to, kind }) =>
      Decoration.mark({ class: `ex-token-${kind}` }).range(from, to),
    ),
  );

const tokens = StateField.define<DecorationSet>({
  create: looks,
  update: (known, { docChanged, state }) => (docChanged ? looks(state) : known),
  provide: (field) => EditorView.decorations.from(field),
});

/** The bracket beside the cursor, and its partner. */
const brackets = EditorView.decorations.compute(['doc', 'selection'], (state) => {
  const { head, empty } = state.selection.main;
  const bracket = empty ? bracketAt(state.doc.toString(), head) : undefined;
  if (bracket === undefined) return Decoration.none;
  const { at, partner } = bracket;
  const mark = Decoration.mark({ class: partner === undefined ? 'ex-bracket-alone' : 'ex-bracket' });
  return Decoration.set(
    [at, ...(partner === undefined ? [] : [partner])].map((from) => mark.range(from, from + 1)),
    true,
  );
});

/** Looks of the notation in the editor. */
export const highlight: Extension = [tokens, brackets];

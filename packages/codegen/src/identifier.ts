/** Words of JavaScript that name nothing, but may name something in a specification. */
const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
);

/** A name of the specification as an identifier of JavaScript: `h'` is `h_next`, `do` is `do_`. */
export const identifier = (name: string): string => (RESERVED.has(name) ? `${name}_` : name.replace("'", '_next'));

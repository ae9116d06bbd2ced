import { COMMENT, type TextPane } from './compiled.ts';

/** What finds the words of a text that are values. */
export interface Language {
  /** Groups `comment` and `name`; all else is skipped, what is matched without a group as a whole. */
  readonly words: RegExp;
  /** The values that a name stands for there. */
  valuesOf(name: string): readonly number[] | undefined;
  /** Which lines define something, and what: the names in the group `names`. */
  readonly defines?: RegExp;
  /** Whether a comment has names in it, rather than words. */
  readonly speaks?: RegExp;
  /** Where names mean something else: which line begins such a part, and which ends it. */
  isForeign?(line: string): boolean | undefined;
}

/** Marks the values of a text. */
export function textPane(id: TextPane['id'], text: string, language: Language): TextPane {
  const marker = new Marker(language);
  let start = 0;
  for (const line of text.split('\n')) {
    marker.line(line, start);
    start += line.length + 1;
  }
  return { id, text, ...marker.result() };
}

class Marker {
  private readonly marks: number[] = [];
  private readonly lines: number[] = [];
  private readonly sets = new Map<string, number>();
  /** By name: its set. */
  private readonly known = new Map<string, number>();
  private readonly language: Language;
  private foreign: boolean;

  constructor(language: Language) {
    this.language = language;
    this.foreign = language.isForeign !== undefined;
  }

  line(line: string, start: number): void {
    const { words, defines, isForeign } = this.language;
    this.foreign = isForeign?.(line) ?? this.foreign;
    this.lines.push(this.setOfAll(defines?.exec(line)?.groups?.['names']?.match(NAME) ?? []));
    for (const { index, groups } of line.matchAll(words)) {
      if (groups?.['comment'] !== undefined) this.comment(groups['comment'], start + index);
      else if (groups?.['name'] !== undefined && !this.foreign) {
        const from = start + index + (groups['before']?.length ?? 0);
        this.name(groups['name'], from);
      }
    }
  }

  result(): Pick<TextPane, 'marks' | 'lines' | 'sets'> {
    return { marks: Int32Array.from(this.marks), lines: Int32Array.from(this.lines), sets: [...this.sets.keys()] };
  }

  private name(name: string, start: number): void {
    const set = this.setOf(name);
    if (set >= 0) this.marks.push(start, start + name.length, set);
  }

  private comment(text: string, start: number): void {
    let from = 0;
    const upTo = (to: number): void => {
      if (to > from) this.marks.push(start + from, start + to, COMMENT);
    };
    if (!this.foreign && this.language.speaks?.test(text)) {
      for (const { 0: name, index } of text.matchAll(NAME)) {
        const set = this.setOf(name);
        if (set < 0) continue;
        upTo(index);
        this.marks.push(start + index, start + index + name.length, set);
        from = index + name.length;
      }
    }
    upTo(text.length);
  }

  private setOf(name: string): number {
    const known = this.known.get(name) ?? this.setOfAll([name]);
    this.known.set(name, known);
    return known;
  }

  private setOfAll(names: readonly string[]): number {
    const values = new Set(names.flatMap((name) => this.language.valuesOf(name) ?? []));
    if (values.size === 0) return -1;
    const key = [...values].join(' ');
    const known = this.sets.get(key) ?? this.sets.size;
    this.sets.set(key, known);
    return known;
  }
}

/** A name of the notation, and so of every language, whose names are a part of these. */
const NAME = /[A-Za-z_][\w.]*'?/g;

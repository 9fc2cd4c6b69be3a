/** One part of a filter that can be taken away or replaced by itself: `severity:critical,high`, `-repository:team/*`. */
export interface Term {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The field it asks, when it is a plain test; null for brackets and words of the grammar. */
  readonly field: string | null;
  readonly negated: boolean;
  /** What comes after the colon or the sign, without quotes. */
  readonly values: readonly string[];
}

/**
 * The parts of a filter, as the console shows them; the server reads the grammar (docs/howto/use-the-filter-grammar.md).
 * A filter with `or` at its top is one part, because none of its sides can go alone.
 */
export function termsOf(filter: string): readonly Term[] {
  const pieces: { start: number; end: number }[] = [];
  let at = 0;
  while (at < filter.length) {
    if (/\s/.test(filter[at] ?? '')) {
      at++;
      continue;
    }
    const start = at;
    let depth = 0;
    let quoted = false;
    while (at < filter.length) {
      const char = filter[at];
      if (quoted) {
        if (char === '\\') at++;
        else if (char === '"') quoted = false;
      } else if (char === '"') quoted = true;
      else if (char === '(') depth++;
      else if (char === ')') depth--;
      else if (/\s/.test(char ?? '') && depth <= 0) break;
      at++;
    }
    pieces.push({ start, end: Math.min(at, filter.length) });
  }
  const texts = pieces.map(({ start, end }) => filter.slice(start, end));
  if (texts.some((text) => /^or$/i.test(text))) {
    const text = filter.trim();
    const start = filter.indexOf(text);
    return [{ text, start, end: start + text.length, field: null, negated: false, values: [] }];
  }
  return pieces.map(({ start, end }) => termOf(filter.slice(start, end), start, end));
}

function termOf(text: string, start: number, end: number): Term {
  const [, minus = '', field, value = ''] = /^(-?)([A-Za-z][\w.]*)(?::|>=|<=)(.*)$/s.exec(text) ?? [];
  if (field === undefined) return { text, start, end, field: null, negated: text.startsWith('-'), values: [] };
  return { text, start, end, field, negated: minus === '-', values: valuesOf(value) };
}

function valuesOf(text: string): readonly string[] {
  const values = text.match(/"(?:\\.|[^"\\])*"|[^,]+/g) ?? [];
  return values.map((value) => (value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value));
}

/** A filter without one of its parts. */
export function withoutTerm(filter: string, { start, end }: Term): string {
  return `${filter.slice(0, start)}${filter.slice(end)}`.replace(/\s+/g, ' ').trim();
}

/** A value as the grammar wants it: in quotes where it holds anything that means something. */
export function quoted(value: string): string {
  return /^[\w./:@%+~-]+$/.test(value) && !value.startsWith('-') ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** A filter in which a field has exactly these values (none = the field is not asked). */
export function withValues(filter: string, field: string, values: readonly string[]): string {
  const old = termsOf(filter).find((term) => term.field === field && !term.negated);
  const rest = old === undefined ? filter.trim() : withoutTerm(filter, old);
  if (values.length === 0) return rest;
  return `${rest} ${field}:${values.map(quoted).join(',')}`.trim();
}

/** The values that a filter names for a field. */
export function valuesIn(filter: string, field: string): readonly string[] {
  return termsOf(filter).find((term) => term.field === field && !term.negated)?.values ?? [];
}

/**
 * What a page asks for by itself and what the user asks for, together. A filter whose brackets do not fit is passed alone:
 * around it they could end ours, and the server is to tell the mistake where it is.
 */
export function bothFilters(own: string, filter: string): string {
  if (filter.trim() === '') return own;
  return own === '' || !bracketsFit(filter) ? filter : `${own} (${filter})`;
}

function bracketsFit(filter: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < filter.length && depth >= 0; at++) {
    const char = filter[at];
    if (quoted) {
      if (char === '\\') at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
  }
  return depth === 0 && !quoted;
}

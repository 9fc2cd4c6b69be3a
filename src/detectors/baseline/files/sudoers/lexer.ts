/** Reads a rule of sudoers from left to right; blanks between words are passed over. */
export interface Cursor {
  /** Whether this character comes next; it is consumed then. */
  take(char: string): boolean;
  /** What the pattern, anchored at the start, matches next. */
  match(pattern: RegExp): string | undefined;
  /** Text up to a character, which is consumed; undefined when it does not come. */
  until(char: string): string | undefined;
  /** Words between commas, up to a blank that no comma follows, or up to `=`. */
  list(end: ' ' | '='): string[];
  /** A command with its arguments: up to `,`, `:` or the end, none of them escaped. */
  command(): string;
  atEnd(): boolean;
}

/** A cursor at the begin of a text. */
export function cursorOf(text: string): Cursor {
  let at = 0;
  const skipBlanks = (): void => {
    while (at < text.length && /\s/.test(text.charAt(at))) at++;
  };
  /** End of a word: a blank or one of these, neither escaped nor in quotes. */
  const wordEnd = (stops: string): number => {
    let quoted = false;
    let end = at;
    for (; end < text.length; end++) {
      const char = text.charAt(end);
      if (char === '\\') end++;
      else if (char === '"') quoted = !quoted;
      else if (!quoted && (stops.includes(char) || (/\s/.test(char) && stops.includes(' ')))) break;
    }
    return Math.min(end, text.length);
  };
  const take = (char: string): boolean => {
    skipBlanks();
    if (text.charAt(at) !== char) return false;
    at++;
    return true;
  };
  return {
    take,
    match(pattern) {
      skipBlanks();
      // Names and options are short: what is longer is a command.
      const found = pattern.exec(text.slice(at, at + 1024))?.[0];
      at += found?.length ?? 0;
      return found;
    },
    until(char) {
      const end = wordEnd(char);
      if (text.charAt(end) !== char) return undefined;
      const inside = text.slice(at, end);
      at = end + 1;
      return inside;
    },
    list(end) {
      const words: string[] = [];
      do {
        skipBlanks();
        let marks = '';
        while (take('!')) marks += '!';
        skipBlanks();
        const stop = wordEnd(end === '=' ? ' ,=' : ' ,');
        const word = text.slice(at, stop);
        if (word === '') return [];
        words.push(marks + word);
        at = stop;
      } while (take(','));
      return words;
    },
    command() {
      skipBlanks();
      const end = wordEnd(',:');
      const command = text.slice(at, end).trim();
      at = end;
      return command;
    },
    atEnd() {
      skipBlanks();
      return at >= text.length;
    },
  };
}

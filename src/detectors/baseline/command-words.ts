const plain = /[^\s'"\\;&|]+/y;

/**
 * Words of a command as a shell separates them, quotes and backslashes taken away; `;`, `&`, `|` and line ends are
 * words of their own. Nothing is expanded. For lines of configuration that borrow the quotes of a shell, in which brackets
 * and `<` are characters like others; scripts are read by `shell/`.
 */
export function commandWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  const end = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  for (let at = 0; at < text.length; at++) {
    plain.lastIndex = at;
    const run = quote === '' ? plain.exec(text)?.[0] : undefined;
    if (run !== undefined) {
      word = (word ?? '') + run;
      at += run.length - 1;
      continue;
    }
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"' && at + 1 < text.length) word = (word ?? '') + text.charAt(++at);
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '\\' && at + 1 < text.length) {
      const next = text.charAt(++at);
      if (next !== '\n') word = (word ?? '') + next;
    } else if (char === ';' || char === '&' || char === '|' || char === '\n') {
      end();
      words.push(char);
    } else end();
  }
  end();
  return words;
}

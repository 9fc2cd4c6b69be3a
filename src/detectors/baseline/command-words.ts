/**
 * Words of a command as a shell separates them, quotes and backslashes taken away; `;`, `&`, `|` and line ends are
 * words of their own. Nothing is expanded.
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
    } else if (/\s/.test(char)) end();
    else word = (word ?? '') + char;
  }
  end();
  return words;
}

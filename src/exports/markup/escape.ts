import { documentText } from '../../findings/index.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Foreign text inside an element or a quoted attribute of HTML or XML 1.0: one bounded line, no control characters, no
 * direction overrides, nothing that either language forbids, and no character that means something to it.
 */
export function markup(text: string, limit = 1000): string {
  return documentText(text, limit)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (char) => entities[char] ?? char);
}

import { commandWords } from '../../command-words.ts';
import type { Directive } from './blocks.ts';
import { logicalLines } from './lines.ts';
import { FormatError, formatLimits } from './setting.ts';

/**
 * Directives of Apache httpd and ProFTPD: one a line, in sections `<Name args>` … `</Name>`.
 * @throws FormatError
 */
export function sectionDirectives(text: string): Directive[] {
  const found: Directive[] = [];
  const within: string[] = [];
  for (const { text: line, line: number } of logicalLines(text, '#', true)) {
    if (line.startsWith('</')) {
      within.pop();
      continue;
    }
    const section = line.startsWith('<');
    const [name, ...args] = commandWords(section ? line.slice(1).replace(/>$/, '') : line);
    if (name === undefined) continue;
    found.push({ name: name.toLowerCase(), args, within: [...within], line: number });
    if (!section) continue;
    if (within.length >= formatLimits.depth) throw new FormatError('nested too deep');
    within.push([name, ...args].join(' '));
  }
  return found;
}

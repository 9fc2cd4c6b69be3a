import type { Message, Wording } from '../contract.ts';
import { fitLines, lineBytes, unmarked } from '../text.ts';
import { footText, itemText, tidied } from '../words.ts';

/**
 * A message in the little Markdown that chat robots share: headline, quoted facts, a list, a link of ours. Nothing in it but
 * what is written here is markup.
 * @param bytes that it may have in UTF-8
 * @param lineBreak what ends a line of its own
 */
export function markdownText(message: Message, { link }: Wording, bytes: number, lineBreak: string): string {
  const { title, facts, items, more, ...rest } = tidied(message);
  const wide = (line: string): number => lineBytes(line) + lineBreak.length - 1;
  const head = [`### ${unmarked(title)}`];
  const foot = [...(link === null ? [] : [`[Open Drydock](${link})`]), unmarked(footText(rest))];
  const fixed = [...head, ...foot].reduce((sum, line) => sum + wide(line), 0);
  const quoted = fitLines(
    facts.map(([name, value]) => `> ${unmarked(name)}: ${unmarked(value)}`),
    0,
    Math.floor((bytes - fixed) / 2),
    wide,
  );
  const used = fixed + quoted.lines.reduce((sum, line) => sum + wide(line), 0);
  const list = fitLines(
    items.map((item) => `- ${unmarked(itemText(item))}`),
    more,
    bytes - used,
    wide,
  );
  return [...head, ...quoted.lines, ...list.lines, ...foot].join(lineBreak);
}

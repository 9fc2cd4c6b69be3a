import type { Mail, Message, Wording } from '../contract.ts';
import { fitLines, lineBytes } from '../text.ts';
import { footText, itemText, tidied } from '../words.ts';

/** Mails a minute; mail servers take more, people do not. */
export const mailsPerMinute = 60;

const listBytes = 64 * 1024;

/** A mail of plain text: no HTML that text of others could break out of. Its id is the same in every repetition. */
export function composeMail(message: Message, from: string, { link }: Wording): Mail {
  const { id, event, title, facts, items, more, at } = tidied(message);
  const lines = items.map((item) => `- ${itemText(item)}`);
  const parts = [
    [title],
    facts.map(([name, value]) => `${name}: ${value}`),
    fitLines(lines, more, listBytes, lineBytes).lines,
    link === null ? [] : [link],
    // The usual mark of what belongs to no message.
    ['-- ', footText({ id, at })],
  ];
  const host = /@([A-Za-z0-9.-]+)>?$/.exec(from)?.[1] ?? 'drydock.invalid';
  return {
    subject: `[Drydock] ${title}`,
    text: `${parts
      .filter((part) => part.length > 0)
      .map((part) => part.join('\n'))
      .join('\n\n')}\n`,
    headers: {
      'Message-ID': `<${id}@${host}>`,
      'X-Drydock-Event': event,
      'X-Drydock-Event-Id': id,
      'Auto-Submitted': 'auto-generated',
    },
  };
}

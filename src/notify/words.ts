import type { Message, MessageItem, SeverityLevel } from './contract.ts';
import { plainLine } from './text.ts';

const mostTitle = 200;
const mostFact = 400;
const mostItem = 300;

/** A message with texts that are bounded and free of control characters; every kind begins with it. */
export function tidied(message: Message): Message {
  return {
    ...message,
    title: plainLine(message.title, mostTitle),
    facts: message.facts
      .slice(0, 20)
      .map(([name, value]) => [plainLine(name, 60), plainLine(value, mostFact)] as const),
    items: message.items.map((item) => ({ ...item, text: plainLine(item.text, mostItem) })),
  };
}

/** An item for people: its severity, if it has one, in front. */
export function itemText({ severity, text }: MessageItem): string {
  return severity === null ? text : `${severityWord(severity)}: ${text}`;
}

/** `Critical`. */
export function severityWord(level: SeverityLevel): string {
  return level.slice(0, 1).toUpperCase() + level.slice(1);
}

/** What stands below every message, so that repeated ones can be told. */
export function footText({ id, at }: Pick<Message, 'id' | 'at'>): string {
  return `Drydock · ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC · ${id}`;
}

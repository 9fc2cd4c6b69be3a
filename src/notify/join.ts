import type { EventKindId, Message } from './contract.ts';

/** Items that a message keeps; the rest is counted. */
export const mostItems = 50;

const titles: Readonly<Partial<Record<EventKindId, (n: number) => string>>> = {
  'scan.failed': (n) => (n === 1 ? 'An image could not be scanned' : `${n} images could not be scanned`),
  'decision.expiring': (n) => (n === 1 ? 'A decision ends soon' : `${n} decisions end soon`),
  'decision.expired': (n) => (n === 1 ? 'A decision has ended' : `${n} decisions have ended`),
  'key.expiring': (n) => (n === 1 ? 'An access key ends soon' : `${n} access keys end soon`),
};

/** Whether messages of an event that come close together are sent as one. */
export function isJoined(event: EventKindId): boolean {
  return titles[event] !== undefined;
}

/** Title of a message about `n` things of one kind. */
export function countedTitle(event: EventKindId, n: number): string {
  return titles[event]?.(n) ?? event;
}

/** One message of two about the same kind of event; it keeps the id of the first. */
export function joinMessages(first: Message, second: Message): Message {
  const items = [...first.items, ...second.items];
  const more = first.more + second.more + Math.max(0, items.length - mostItems);
  const n = Math.min(items.length, mostItems) + more;
  return {
    ...first,
    title: first.event === 'test' ? first.title : countedTitle(first.event, n),
    projectId: first.projectId === second.projectId ? first.projectId : null,
    facts: [],
    items: items.slice(0, mostItems),
    more,
    path: first.path === second.path ? first.path : null,
  };
}

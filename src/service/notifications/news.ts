import type { OutboxEvent } from '../../jobs/index.ts';
import { countedTitle, type EventKindId, type Message, type MessageItem, mostItems } from '../../notify/index.ts';
import type { ChannelRecord } from './ports.ts';

type News = Omit<Message, 'id' | 'at' | 'event' | 'projectId'>;

/** What a topic of the outbox means for people; null = nothing. */
export interface Reading {
  readonly event: EventKindId;
  /** What of it a channel wants to be told; null = nothing. */
  readonly news: (channel: Wanted) => News | null;
}

/** What of a channel decides about single events. */
export interface Wanted extends Pick<ChannelRecord, 'projects'> {
  readonly isWanted: (repository: string) => boolean;
}

const plain = { severity: null, more: 0 } as const;

/** Everything but new vulnerabilities, which are news of many projects at once (`vulnerabilities.ts`). */
export function readingOf({ topic, payload }: OutboxEvent): Reading | null {
  const read = readers[topic];
  return read === undefined ? null : read((payload ?? {}) as Payload);
}

// biome-ignore lint/suspicious/noExplicitAny: payloads are written by our own stores, each topic in one place
type Payload = Readonly<Record<string, any>>;

const readers: Readonly<Record<string, (payload: Payload) => Reading | null>> = {
  'image.scanned': ({ state, code, images }) =>
    state === 'failed' ? { event: 'scan.failed', news: (channel) => failedScan(images ?? [], code, channel) } : null,
  'fix.finished': (fix) => {
    if (fix.status === 'cancelled') return null;
    const event = fix.status === 'success' ? 'fix.finished' : 'fix.failed';
    return { event, news: ({ isWanted }) => (isWanted(fix.repository ?? '') ? endedFix(fix) : null) };
  },
  'export.finished': (ended) => {
    if (ended.state !== 'success' && ended.state !== 'failure') return null;
    return { event: ended.state === 'success' ? 'export.ready' : 'export.failed', news: () => endedExport(ended) };
  },
  'registry.state': ({ registry, name, state, reason }) =>
    state === 'unreachable'
      ? { event: 'registry.unreachable', news: () => lostRegistry(registry, name, reason) }
      : null,
  'advisories.stale': ({ checkedAt }) => ({ event: 'advisories.stale', news: () => oldAdvisories(checkedAt) }),
  'decision.expiring': (decision) => ({
    event: 'decision.expiring',
    news: () => decisionNews('decision.expiring', decision),
  }),
  'decision.expired': (decision) => ({
    event: 'decision.expired',
    news: () => decisionNews('decision.expired', decision),
  }),
  'key.expiring': (key) => ({ event: 'key.expiring', news: () => endingKey(key) }),
};

function failedScan(images: readonly Payload[], code: string | null, { isWanted }: Wanted): News | null {
  const items = images
    .filter(({ repository }) => isWanted(repository))
    .map(({ repository, tag }): MessageItem => {
      const id = tag === null ? repository : `${repository}:${tag}`;
      return { id, text: code === null ? id : `${id} (${code})`, severity: null };
    });
  if (items.length === 0) return null;
  const title = countedTitle('scan.failed', items.length);
  return { ...plain, title, facts: [], items: items.slice(0, mostItems), path: '/images' };
}

function endedFix({ task, status, repository, tag, code }: Payload): News {
  const image = `${repository ?? 'an image'}:${tag}`;
  const ends: Readonly<Record<string, string>> = {
    success: 'is proven',
    partial: 'reached only a part',
    failed: 'failed',
  };
  return {
    ...{ ...plain, title: `Fix of ${image} ${ends[status] ?? status}` },
    facts: [['Task', task], ...(code ? ([['Reason', code]] as const) : [])],
    items: [{ id: task, text: `${image}: ${status}`, severity: null }],
    path: `/fixes/${encodeURIComponent(task)}`,
  };
}

function endedExport({ export: id, state, code, file, rows }: Payload): News {
  const title = state === 'success' ? `Export ${file} is ready` : `Export ${file} failed`;
  const facts: Message['facts'] = state === 'success' ? [['Rows', String(rows)]] : [['Reason', code ?? 'unknown']];
  return { ...plain, title, facts, items: [{ id, text: file, severity: null }], path: '/exports' };
}

function lostRegistry(id: number, name: string, reason: string | null): News {
  const items = [{ id: String(id), text: name, severity: null }];
  const facts: Message['facts'] = reason === null ? [] : [['Reason', reason]];
  return { ...plain, title: `Registry ${name} does not answer`, facts, items, path: '/registries' };
}

function oldAdvisories(checkedAt: number): News {
  const title = 'The advisory data is old: new vulnerabilities are not noticed';
  return { ...plain, title, facts: [['Last update', dayOf(checkedAt)]], items: [], path: '/system' };
}

function decisionNews(event: 'decision.expiring' | 'decision.expired', decision: Payload): News {
  const { decision: id, vulnerabilities, reason, expiresAt } = decision;
  const what = (vulnerabilities as string[]).slice(0, 5).join(', ') || 'everything of its scope';
  const when = event === 'decision.expiring' ? `, until ${dayOf(expiresAt)}` : '';
  const text = `${what}${vulnerabilities.length > 5 ? ', …' : ''}${when}: ${reason}`;
  const items = [{ id: String(id), text, severity: null }];
  return { ...plain, title: countedTitle(event, 1), facts: [], items, path: '/ignores' };
}

function endingKey({ kind, id, user, name, expiresAt }: Payload): News {
  const what = kind === 'token' ? `token ${name ?? id}` : `access key ${id}`;
  const items = [{ id, text: `${what} of ${user}, until ${dayOf(expiresAt)}`, severity: null }];
  return { ...plain, title: countedTitle('key.expiring', 1), facts: [], items, path: '/access' };
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

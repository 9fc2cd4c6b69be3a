import type { QueryClient } from '@tanstack/react-query';
import { doubtConnection, reportOnline } from './connection.ts';

/** What an event tells: `topic` and its payload. */
interface LiveEvent {
  readonly topic: string;
  readonly at: string;
  readonly projectId: number | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Which answers an event makes old: paths of the API by the first word of its topic. */
const touched: Readonly<Record<string, readonly string[]>> = {
  scan: [
    '/api/v1/scans',
    '/api/v1/images',
    '/api/v1/worklist',
    '/api/v1/statistics',
    '/api/v1/system',
    '/api/v1/risks',
    '/api/v1/findings',
  ],
  image: ['/api/v1/images', '/api/v1/repositories', '/api/v1/worklist', '/api/v1/findings', '/api/v1/risks'],
  fix: ['/api/v1/fixes', '/api/v1/images', '/api/v1/findings', '/api/v1/worklist'],
  plan: ['/api/v1/fix-plans'],
  export: ['/api/v1/exports'],
  registry: ['/api/v1/registries', '/api/v1/scans'],
  advisories: ['/api/v1/advisories', '/api/v1/images', '/api/v1/vulnerabilities', '/api/v1/worklist'],
  vulnerability: ['/api/v1/images', '/api/v1/vulnerabilities', '/api/v1/findings', '/api/v1/worklist'],
};

/** A burst of events asks again once. */
const settleMs = 150;

/**
 * Follows the event stream and asks again for what changed. The browser resumes behind the last event by itself when the
 * connection breaks; when it had been away, everything on screen is asked for again.
 */
export function followEvents(client: QueryClient): () => void {
  let paths = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    const now = paths;
    paths = new Set();
    client.invalidateQueries({
      predicate: ({ queryKey }) => [...now].some((path) => String(queryKey[1] ?? '').startsWith(path)),
    });
  };
  const touch = (topic: string): void => {
    for (const path of touched[topic.split('.')[0] ?? ''] ?? []) paths.add(path);
    if (paths.size > 0) timer ??= setTimeout(flush, settleMs);
  };
  let source: EventSource | undefined;
  let wasAway = false;
  let reopen: ReturnType<typeof setTimeout> | undefined;
  const open = (): void => {
    source = new EventSource('/api/v1/events');
    source.onopen = () => {
      reportOnline();
      if (wasAway) client.invalidateQueries();
      wasAway = false;
    };
    source.onerror = () => {
      wasAway = true;
      void doubtConnection();
      // A refusal ends the source for good (a proxy, a restart): begin anew.
      if (source?.readyState === EventSource.CLOSED) reopen = setTimeout(open, 3000);
    };
    // Named events have no wildcard listener, so those that matter are named.
    for (const topic of topics) source.addEventListener(topic, (message) => hear(message as MessageEvent<string>));
  };
  const hear = (message: MessageEvent<string>): void => {
    const event = JSON.parse(message.data) as LiveEvent;
    touch(event.topic);
  };
  open();
  return () => {
    clearTimeout(timer);
    clearTimeout(reopen);
    source?.close();
  };
}

/** Every topic that the server sends; `src/service` publishes them. */
const topics: readonly string[] = [
  'fix.stage',
  'fix.finished',
  'plan.stage',
  'plan.finished',
  'image.scanned',
  'scan.finished',
  'export.finished',
  'registry.state',
  'decision.expired',
  'vulnerability.new',
  'vulnerability.matched',
  'advisories.stale',
];

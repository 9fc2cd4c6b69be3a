import type { QueryClient } from '@tanstack/react-query';
import { $api, type Schema } from '../../api/client.ts';

/** Groups of images by urgency, and the health of scans. */
export const worklist = $api.queryOptions('get', '/api/v1/worklist');

/** Open findings of the last 30 days. */
export const trend = $api.queryOptions('get', '/api/v1/statistics/trend', { params: { query: { days: '30' } } });

/** How old advisory data is. */
export const advisories = $api.queryOptions('get', '/api/v1/advisories');

/** Whether there is any registry. */
export const anyRegistry = $api.queryOptions('get', '/api/v1/registries', { params: { query: { limit: '1' } } });

/** Fixes under way. */
export const runningFixes = $api.queryOptions('get', '/api/v1/fixes', {
  params: { query: { status: 'running', limit: '20' } },
});

/** Scans that are waiting or under way. */
export const runningScans = $api.queryOptions('get', '/api/v1/scans', {
  params: { query: { state: 'queued,running', limit: '20' } },
});

/** The newest exports; those under way are among them. */
export const latestExports = $api.queryOptions('get', '/api/v1/exports', { params: { query: { limit: '20' } } });

/** Asks what the first page shows, as far as one may see it, before the page is drawn: drawing takes longer than answering. */
export function askEarly(client: QueryClient, { rights }: Schema<'Me'>): void {
  const may = (action: string): boolean => rights[action] !== undefined;
  const ask = (question: unknown): void =>
    void client.prefetchQuery(question as Parameters<QueryClient['prefetchQuery']>[0]);
  if (may('drydock:image:read')) [worklist, trend].forEach(ask);
  if (may('drydock:advisory:read')) ask(advisories);
  if (may('drydock:fix:read')) ask(runningFixes);
  if (may('drydock:scan:read')) ask(runningScans);
  if (may('drydock:export:read')) ask(latestExports);
  if (may('drydock:registry:read') && may('drydock:registry:write')) ask(anyRegistry);
}

import type { NotificationEventKind } from './contract.ts';

const one = { projects: true, repositories: false, severity: false } as const;
const installation = { projects: false, repositories: false, severity: false } as const;

/** Every kind of event that a channel can subscribe to. */
export const notificationEvents: readonly NotificationEventKind[] = [
  {
    id: 'vulnerability.new',
    title: 'New vulnerability on existing images',
    description:
      'New advisory data says that images which were scanned before have a vulnerability: one message per vulnerability with the number of affected images, or one for all when an update brings many.',
    ...{ projects: true, repositories: true, severity: true },
  },
  {
    id: 'scan.failed',
    title: 'Scan failed',
    description: 'Images could not be scanned; failures of one minute come together.',
    ...{ projects: true, repositories: true, severity: false },
  },
  {
    id: 'advisories.stale',
    title: 'Advisory data is old',
    description: 'No update of the advisories for seven days; told once until they are updated.',
    ...installation,
  },
  {
    id: 'fix.finished',
    title: 'Fix finished',
    description: 'A fixed image was pushed, and a rescan proved it.',
    ...{ projects: true, repositories: true, severity: false },
  },
  {
    id: 'fix.failed',
    title: 'Fix failed',
    description: 'A fix failed, or reached only a part of what was asked.',
    ...{ projects: true, repositories: true, severity: false },
  },
  { id: 'export.ready', title: 'Export ready', description: 'The file of an export can be downloaded.', ...one },
  { id: 'export.failed', title: 'Export failed', description: 'An export came to no file.', ...one },
  {
    id: 'registry.unreachable',
    title: 'Registry unreachable',
    description: 'A registry that answered before does not answer; told once until it answers again.',
    ...one,
  },
  {
    id: 'decision.expiring',
    title: 'Ignore expires soon',
    description: 'An ignore or another decision ends within seven days; told once.',
    ...one,
  },
  {
    id: 'decision.expired',
    title: 'Ignore expired',
    description: 'A decision has ended, by its date or because a fix was published: its findings count again.',
    ...one,
  },
  {
    id: 'key.expiring',
    title: 'Access key expires soon',
    description: 'An access key or a robot token ends within fourteen days; told once.',
    ...installation,
  },
];

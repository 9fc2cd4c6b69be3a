import type { Migration } from './migration.ts';

const counters = [
  ...['critical', 'high', 'medium', 'low', 'unknown', 'fixable', 'kev', 'images', 'scanned', 'images_at_risk'],
  ...['baseline', 'instruction', 'malicious', 'sensitive'],
];

/** Numbers of each project by day, for trends. */
export const dailyCounts: Migration = {
  version: 10,
  name: '0010-daily-counts',
  statements: ({ I64, I32, TS, keyed }) => [
    // day: days since 1970 UTC.
    keyed(
      'daily_count',
      ['day', 'project_id'],
      `day ${I32} NOT NULL`,
      `project_id ${I64} NOT NULL`,
      `recorded_at ${TS} NOT NULL`,
      ...counters.map((name) => `${name} ${I64} NOT NULL`),
    ),
  ],
};

import type { AdvisoryStatus, SnapshotStatus } from '../advisories/index.ts';
import { terminalText } from '../exports/index.ts';
import { byteText } from './output/progress.ts';

/** What `db status` shows. */
export type DbStatusView = AdvisoryStatus;

/** The loaded data with its feeds, as lines for a person. */
export function snapshotText(snapshot: SnapshotStatus, now: Date): string {
  const { id, origin, createdAt, checkedAt, size, feeds } = snapshot;
  const rows = feeds.map(({ id, records, modified, bad }) => [
    terminalText(id),
    records.toLocaleString('en'),
    modified === null ? 'no date' : `${modified.slice(0, 10)}, ${ageText(modified, now)}`,
    bad === 0 ? '' : `${bad} unreadable, skipped`,
  ]);
  const widths = [0, 1].map((column) => Math.max(7, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = ([feed = '', records = '', newest = '', note = '']: readonly string[]): string =>
    `    ${feed.padEnd(widths[0] ?? 0)}  ${records.padStart(widths[1] ?? 0)}  ${newest}${note && `  (${note})`}\n`;
  return [
    `  ${origin} ${dateText(createdAt)}, ${ageText(createdAt, now)}; checked ${ageText(checkedAt, now).replace(/old$/, 'ago')}\n`,
    `  snapshot ${id.slice(0, 19)}, ${byteText(size)}\n`,
    line(['feed', 'records', 'newest record']),
    ...rows.map(line),
  ].join('');
}

/** The answer of `db status`. */
export function statusText({ active, previous, bundled }: DbStatusView, now: Date): string {
  const records = bundled.sources.reduce((sum, source) => sum + source.records, 0).toLocaleString('en');
  const facts = `${records} records, newest ${dateText(bundled.createdAt)}, ${ageText(bundled.createdAt, now)}`;
  if (active === null) {
    return [
      'No advisory data is loaded; scans use the bundled facts for Debian.\n',
      `  bundled: ${facts}\n`,
      '  → drydock db update --from URL|DIR\n',
    ].join('');
  }
  const kept =
    previous === null ? '' : `  previous snapshot kept: ${previous.origin} ${dateText(previous.createdAt)}\n`;
  return `Advisories\n${snapshotText(active, now)}${kept}  bundled, not in use: ${facts}\n`;
}

/** Age in the largest unit that tells enough: `12 days old`, `3 hours old`, `just now`. */
export function ageText(time: string, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(time)) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 120) return count(minutes, 'minute');
  if (minutes < 48 * 60) return count(Math.floor(minutes / 60), 'hour');
  return count(Math.floor(minutes / 1_440), 'day');
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'} old`;
}

function dateText(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

import type { AdvisorySnapshot, AdvisoryStatus, SnapshotStatus } from '../advisories/index.ts';
import { terminalText } from '../exports/index.ts';
import { byteText } from './output/progress.ts';

/** What `db status` shows. */
export type DbStatusView = AdvisoryStatus;

/** The loaded data with its feeds, as lines for a person. */
export function snapshotText(snapshot: SnapshotStatus, now: Date): string {
  const { id, origin, createdAt, checkedAt, size, feeds } = snapshot;
  const rows = feeds.map(({ id, records, modified, bulk, bad }) => [
    terminalText(id),
    records.toLocaleString('en'),
    modified === null ? 'no date' : `${modified.slice(0, 10)}, ${ageText(modified, now)}`,
    bulk === null ? '' : ageText(bulk, now),
    bad === 0 ? '' : `${bad} unreadable, skipped`,
  ]);
  const head = ['feed', 'records', 'newest record', 'most records'];
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = ([feed = '', records = '', newest = '', most = '', note = '']: readonly string[]): string => {
    const cells = [feed.padEnd(widths[0] ?? 0), records.padStart(widths[1] ?? 0), newest.padEnd(widths[2] ?? 0), most];
    return `    ${cells.join('  ')}${note && `  (${note})`}`.trimEnd().concat('\n');
  };
  return [
    `  ${origin} ${dateText(createdAt)}, ${ageText(createdAt, now)}; checked ${ageText(checkedAt, now).replace(/old$/, 'ago')}\n`,
    `  snapshot ${id.slice(0, 19)}, ${byteText(size)}\n`,
    line(head),
    ...rows.map(line),
  ].join('');
}

/** The answer of `db status`. */
export function statusText({ active, previous, bundled }: DbStatusView, now: Date): string {
  const records = bundled.sources.reduce((sum, source) => sum + source.records, 0).toLocaleString('en');
  const bulk = bundled.sources.flatMap((source) => source.bulk ?? []).sort()[0] ?? bundled.createdAt;
  const ages = `newest ${ageText(bundled.createdAt, now)}, most ${ageText(bulk, now)}`;
  const facts = `${records} records; ${ages}`;
  if (active === null) {
    return [
      `No advisory data is loaded; scans use the bundled facts for ${listOf(bundled)}.\n`,
      `  bundled: ${facts}\n`,
      '  → drydock db update --from URL|DIR\n',
    ].join('');
  }
  const kept =
    previous === null ? '' : `  previous snapshot kept: ${previous.origin} ${dateText(previous.createdAt)}\n`;
  return `Advisories\n${snapshotText(active, now)}${kept}  bundled, not in use: ${facts}\n`;
}

/** Names of the ecosystems that a snapshot knows. */
function listOf({ sources }: AdvisorySnapshot): string {
  const names = sources.map(({ id }) => id.replace(/^osv\//, ''));
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Age in the largest unit that tells enough: `21 months old`, `12 days old`, `3 hours old`, `just now`. */
export function ageText(time: string, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(time)) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 120) return count(minutes, 'minute');
  if (minutes < 48 * 60) return count(Math.floor(minutes / 60), 'hour');
  const days = Math.floor(minutes / 1_440);
  return days < 90 ? count(days, 'day') : count(Math.floor(days / 30.44), 'month');
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'} old`;
}

function dateText(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

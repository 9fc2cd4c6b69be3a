import type { OsRelease } from '../contract.ts';
import { lastDays, rollingDistributions } from './support-dates.ts';

/** Debian's codenames of releases that have a number; testing goes by its codename alone. */
const debianCodenames: Readonly<Record<string, string>> = {
  squeeze: '6',
  wheezy: '7',
  jessie: '8',
  stretch: '9',
  buster: '10',
  bullseye: '11',
  bookworm: '12',
  trixie: '13',
  forky: '14',
  duke: '15',
};

/**
 * The release number of a Debian, from its number or codename; `sid` for unstable and for codenames that have no
 * number yet.
 */
export function debianRelease(os: OsRelease): string {
  const major = /^[0-9]{1,3}/.exec(os.versionId ?? '')?.[0];
  if (major !== undefined) return major;
  const codename = os.codename ?? '';
  return Object.hasOwn(debianCodenames, codename) ? (debianCodenames[codename] ?? 'sid') : 'sid';
}

/** Whether a release still gets fixes, and on which day that ended. */
export type Support =
  | { readonly state: 'supported' }
  | { readonly state: 'ended'; readonly on: string }
  /** The table does not have the release, or nothing tells which one it is. */
  | { readonly state: 'unknown' };

/** What the table says of a release on a day (UTC); rolling distributions are supported by definition. */
export function supportOf(os: OsRelease, now: Date): Support {
  const { id, release } = tableKey(os);
  const rolling = rollingDistributions.includes(id) || (id === 'debian' && release === 'sid');
  if (rolling || (id === 'alpine' && os.versionId === 'edge')) return { state: 'supported' };
  const table = Object.hasOwn(lastDays, id) ? lastDays[id] : undefined;
  const last = table && Object.hasOwn(table, release) ? table[release] : undefined;
  if (last === undefined) return { state: 'unknown' };
  return last !== null && now.toISOString().slice(0, 10) > last ? { state: 'ended', on: last } : { state: 'supported' };
}

/** Distributions whose releases have two numbers that matter. */
const byMinor = ['ubuntu', 'alpine', 'sles', 'opensuse-leap', 'photon', 'mariner', 'azurelinux'];
/** Names of the same releases. */
const sameAs: Readonly<Record<string, string>> = { sles_sap: 'sles', opensuse: 'opensuse-leap' };

function tableKey(os: OsRelease): { readonly id: string; readonly release: string } {
  const id = Object.hasOwn(sameAs, os.id) ? (sameAs[os.id] ?? os.id) : os.id;
  const parts = (os.versionId ?? '').split('.');
  const [major = ''] = parts;
  switch (id) {
    case 'debian':
      return { id, release: debianRelease(os) };
    case 'centos':
      return { id: os.prettyName?.includes('Stream') ? 'centos-stream' : id, release: major };
    case 'amzn':
      // 2018.03 and its predecessors; 2023 has no second part that is a month.
      return { id, release: /^201[0-9]$/.test(major) ? '1' : major };
    case 'openeuler':
      return { id, release: os.versionId ?? '' };
    default:
      return { id, release: byMinor.includes(id) ? parts.slice(0, 2).join('.') : major };
  }
}

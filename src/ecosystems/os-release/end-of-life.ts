import type { OsRelease } from '../contract.ts';

/**
 * Last day of freely available security fixes per release, `YYYY-MM-DD`. Debian: end of LTS; Ubuntu: end of standard
 * support (both from Debian's distro-info-data); Alpine: end of support (alpinelinux.org/releases); the Red Hat family
 * and others: end of maintenance support by their vendors.
 */
const lastDays: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: {
    7: '2018-05-31',
    8: '2020-06-30',
    9: '2022-06-30',
    10: '2024-06-30',
    11: '2026-08-31',
    12: '2028-06-30',
    13: '2030-06-30',
  },
  ubuntu: {
    '12.04': '2017-04-28',
    '14.04': '2019-04-25',
    '16.04': '2021-04-30',
    '18.04': '2023-05-31',
    '20.04': '2025-05-29',
    '20.10': '2021-07-22',
    '21.04': '2022-01-20',
    '21.10': '2022-07-14',
    '22.04': '2027-06-01',
    '22.10': '2023-07-20',
    '23.04': '2024-01-25',
    '23.10': '2024-07-11',
    '24.04': '2029-05-31',
    '24.10': '2025-07-10',
    '25.04': '2026-01-15',
    '25.10': '2026-07-09',
    '26.04': '2031-05-29',
  },
  alpine: {
    '3.14': '2023-05-01',
    '3.15': '2023-11-01',
    '3.16': '2024-05-23',
    '3.17': '2024-11-22',
    '3.18': '2025-05-09',
    '3.19': '2025-11-01',
    '3.20': '2026-04-01',
    '3.21': '2026-11-01',
    '3.22': '2027-05-01',
  },
  centos: { 6: '2020-11-30', 7: '2024-06-30', 8: '2021-12-31' },
  rhel: { 6: '2020-11-30', 7: '2024-06-30', 8: '2029-05-31', 9: '2032-05-31', 10: '2035-05-31' },
  almalinux: { 8: '2029-05-31', 9: '2032-05-31', 10: '2035-05-31' },
  rocky: { 8: '2029-05-31', 9: '2032-05-31', 10: '2035-05-31' },
};

/** Debian's codenames of releases that have a number; testing goes by its codename alone. */
const debianCodenames: Readonly<Record<string, string>> = {
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

/**
 * Whether a release still gets fixes: `ended` with the last day when that has passed, `unknown` when the table does not
 * have it (rolling releases are supported by definition).
 */
export function supportOf(
  os: OsRelease,
  now: Date,
): { readonly state: 'supported' } | { readonly state: 'ended'; readonly on: string } | { readonly state: 'unknown' } {
  if (os.versionId === null && os.id !== 'debian') return { state: isRolling(os) ? 'supported' : 'unknown' };
  const release = releaseKey(os);
  if (os.id === 'debian' && (release === 'sid' || Number(release) > 13)) return { state: 'supported' };
  const table = Object.hasOwn(lastDays, os.id) ? lastDays[os.id] : undefined;
  const last = table && Object.hasOwn(table, release) ? table[release] : undefined;
  if (last === undefined) return { state: 'unknown' };
  return now.toISOString().slice(0, 10) > last ? { state: 'ended', on: last } : { state: 'supported' };
}

function releaseKey(os: OsRelease): string {
  if (os.id === 'debian') return debianRelease(os);
  const parts = (os.versionId ?? '').split('.');
  return os.id === 'ubuntu' || os.id === 'alpine' ? parts.slice(0, 2).join('.') : (parts[0] ?? '');
}

function isRolling(os: OsRelease): boolean {
  return ['arch', 'wolfi', 'chainguard', 'opensuse-tumbleweed', 'gentoo'].includes(os.id);
}

import type { Repository } from './contract.ts';

/** Longest address; longer ones are cut. */
const maxAddress = 2048;
/** Repositories of one file; nobody has more. */
export const maxRepositories = 2000;

/**
 * Takes an address apart. What stands in front of the host, and parts of the path that look like tokens, are left out: a
 * repository with a fee often has its password there.
 */
export function locationOf(address: string): Pick<Repository, 'scheme' | 'host' | 'shown'> {
  const text = address.slice(0, maxAddress);
  const colon = text.indexOf(':');
  const scheme = colon < 0 ? '' : text.slice(0, colon).toLowerCase();
  if (!/^[a-z][a-z0-9+.-]{0,30}$/.test(scheme)) return { scheme: '', host: '', shown: text.slice(0, 200) };
  if (!text.startsWith('://', colon)) return { scheme, host: '', shown: text.slice(0, 200) };
  const rest = text.slice(colon + 3);
  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const port = authority.slice(authority.lastIndexOf('@') + 1);
  const host = (/^\[[^\]]*\]|^[^:]*/.exec(port)?.[0] ?? '').toLowerCase();
  const [path = ''] = slash < 0 ? [] : rest.slice(slash).split(/[?#]/, 1);
  const shownPath = path.split('/').map(withoutToken).join('/');
  return { scheme, host, shown: `${scheme}://${port}${shownPath}` };
}

function withoutToken(part: string): string {
  return part.length >= 20 && /\d/.test(part) && /^[A-Za-z0-9_-]+$/.test(part) ? '…' : part;
}

/** Whether what comes from there may be read and changed on the way: no TLS, no local medium. */
export function isPlain({ scheme }: Pick<Repository, 'scheme'>): boolean {
  return /^(?:mirror\+)?(?:http|ftp)$/.test(scheme) || scheme === 'mirror' || scheme === 'tftp';
}

/** What apt and rpm-based package managers take for true and for false; undefined for anything else. */
export function booleanOf(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (['1', 'yes', 'true', 'on', 'with', 'enable'].includes(word)) return true;
  return ['0', 'no', 'false', 'off', 'without', 'disable'].includes(word) ? false : undefined;
}

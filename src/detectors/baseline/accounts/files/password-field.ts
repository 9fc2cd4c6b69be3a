import { passwordField } from '../crypt/schemes.ts';

const longestHash = 512;

/**
 * A password field as facts keep it: hashes as they are, `x` and nothing as they are, everything else as `*`, because it
 * might be a password that somebody wrote down in the wrong place.
 */
export function keptPassword(field: string | undefined): string {
  const known = passwordField(field ?? '');
  if (known.kind === 'hash') return (field ?? '').slice(0, longestHash);
  if (known.kind === 'empty') return '';
  return known.kind === 'elsewhere' ? 'x' : '*';
}

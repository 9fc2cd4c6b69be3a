import type { InstalledPackage } from '../contract.ts';
import { packageUrl } from '../purl.ts';

/** What a record of Conda, or a lock file, says of one package. Empty texts: not known. */
export interface CondaRecord {
  readonly name: string;
  readonly version: string;
  readonly build: string;
  /** Name or URL of the channel. */
  readonly channel: string;
  /** Platform directory of the channel: `linux-64`, `noarch`. */
  readonly subdir: string;
}

export type CondaIdentity = Omit<InstalledPackage, 'locations'>;

const namePattern = /^[a-z0-9_][a-z0-9_.-]{0,213}$/i;
const textPattern = /^[!-~]{1,256}$/;

/** Why a record is no package, or the package. */
export function condaIdentity({ name, version, build, channel, subdir }: CondaRecord): CondaIdentity | string {
  if (!namePattern.test(name)) return 'has a name outside the grammar';
  if (!textPattern.test(version)) return 'has a version outside the grammar';
  const qualifiers = { build: known(build), channel: channelName(channel, subdir), subdir: known(subdir) };
  const purl = packageUrl({ type: 'conda', name, version, qualifiers });
  const arch = subdir === '' ? null : (known(subdir) ?? null);
  return { purl, type: 'conda', name, version, arch, source: null, ownedBy: null, held: false };
}

function known(text: string): string | undefined {
  return textPattern.test(text) ? text : undefined;
}

/**
 * Last part of a channel's URL without its platform: `conda-forge`, `main`. What stands before it may hold the token of
 * an account and goes nowhere.
 */
function channelName(channel: string, subdir: string): string | undefined {
  const parts = channel
    .slice(0, 2000)
    .split('/')
    .filter((part) => part !== '');
  if (parts.length > 1 && parts.at(-1) === subdir) parts.pop();
  const name = parts.at(-1) ?? '';
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) ? name : undefined;
}

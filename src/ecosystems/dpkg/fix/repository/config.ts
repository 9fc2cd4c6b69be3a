import type { OsRelease } from '../../../contract.ts';
import { RepositoryError } from './errors.ts';

/** A place that serves one archive over http, https or from a directory of this machine (`file:` URL). */
export interface UrlMirror {
  /** Directory URL above `dists/` and `pool/`; a final slash is not needed. */
  readonly base: string;
  /** Certificates (PEM) that are trusted in addition to the system's. */
  readonly ca?: string;
  /** Sent as HTTP basic authentication to the base's origin only. */
  readonly credential?: { readonly username: string; readonly password: string };
  /** URL of an HTTP proxy for this mirror, or `direct` for none; absent: as the environment says. */
  readonly proxy?: string;
}

/** An offline bundle (`bundle.ts`) that stands in for a mirror. */
export interface BundleMirror {
  /** Directory of the unpacked bundle on this machine. */
  readonly bundle: string;
  /** Ed25519 public key (PEM, SubjectPublicKeyInfo) of the operator who made the bundle. */
  readonly publicKey: string;
}

export type Mirror = UrlMirror | BundleMirror;

/** The mirrors map of `fix.archives`: logical archive → bases, tried in order. */
export type ArchiveConfig = Readonly<Record<string, readonly Mirror[]>>;

/** One suite of a source; see fix-engine.md §6. */
export interface SuiteConfig {
  /** Key of the mirrors map. */
  readonly archive: string;
  /** Name below `dists/`; must equal `Suite` or `Codename` of the signed index. */
  readonly suite: string;
  readonly components: readonly string[];
  /** Must equal `Origin` of the signed index. */
  readonly origin: string;
  /** Oldest acceptable `Date` in seconds before now; absent for suites that freeze. */
  readonly maxAge?: number;
}

/** Where the packages of one release of one distribution come from: `fix.sources`. */
export interface SourceConfig {
  readonly match: { readonly id: string; readonly versionId: string };
  /** `builtin:<name>` for a keyring of `data/keyrings`, else an armored keyring. */
  readonly keyring: string;
  readonly suites: readonly SuiteConfig[];
}

/** Everything that `fix` knows about package archives. */
export interface RepositoryConfig {
  readonly archives: ArchiveConfig;
  readonly sources: readonly SourceConfig[];
}

/**
 * The source for an operating system; the first match wins.
 * @throws RepositoryError `unknown_release`
 */
export function sourceFor(config: RepositoryConfig, os: OsRelease | undefined): SourceConfig {
  const found = config.sources.find((s) => s.match.id === os?.id && s.match.versionId === os?.versionId);
  if (found !== undefined) return found;
  const name = os === undefined ? 'an unknown operating system' : `${os.id} ${os.versionId ?? '(no version)'}`;
  throw new RepositoryError('unknown_release', `no package source is configured for ${name.slice(0, 100)}`, {
    hint: 'Add an entry with this id and versionId to fix.sources of the configuration.',
  });
}

/**
 * The mirrors of an archive.
 * @throws RepositoryError `invalid_configuration` when there is none.
 */
export function mirrorsOf(config: RepositoryConfig, archive: string): readonly Mirror[] {
  const mirrors = Object.hasOwn(config.archives, archive) ? config.archives[archive] : undefined;
  if (mirrors !== undefined && mirrors.length > 0) return mirrors;
  throw new RepositoryError('invalid_configuration', `no mirror is configured for the archive ${archive}`, {
    hint: mirrorHint(archive),
  });
}

/** What to change when an archive cannot be reached. */
export function mirrorHint(archive: string): string {
  const variable = mirrorVariables[archive];
  const key = `fix.archives.${archive} in the configuration`;
  return variable === undefined ? `Set ${key}.` : `Set ${variable} to the URL of a mirror, or ${key}.`;
}

/** Environment variables that set the single mirror of an archive. */
export const mirrorVariables: Readonly<Record<string, string>> = {
  debian: 'DRYDOCK_DEBIAN_MIRROR',
  'debian-security': 'DRYDOCK_DEBIAN_SECURITY_MIRROR',
  ubuntu: 'DRYDOCK_UBUNTU_MIRROR',
};

/**
 * The configuration with archives replaced by the mirrors that the environment names.
 * @throws RepositoryError `invalid_configuration` for a value that is not an http, https or file URL.
 */
export function withEnvironment(
  config: RepositoryConfig,
  env: Readonly<Record<string, string | undefined>>,
): RepositoryConfig {
  const archives: Record<string, readonly Mirror[]> = { ...config.archives };
  for (const [archive, variable] of Object.entries(mirrorVariables)) {
    const value = env[variable];
    if (value === undefined || value === '') continue;
    archives[archive] = [{ base: checkBase(value, variable) }];
  }
  return { ...config, archives };
}

/**
 * A base URL that may be used, without a final slash.
 * @throws RepositoryError `invalid_configuration`; `where` names the setting for the user.
 */
export function checkBase(base: string, where: string): string {
  const url = URL.canParse(base) ? new URL(base) : undefined;
  const known = url !== undefined && ['http:', 'https:', 'file:'].includes(url.protocol);
  if (!known || url.search !== '' || url.hash !== '') {
    throw new RepositoryError('invalid_configuration', `${where} is not an http, https or file URL`, {
      hint: 'Give the directory that holds dists/ and pool/, for example https://mirror.example.internal/debian.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new RepositoryError('invalid_configuration', `${where} holds a password`, {
      hint: 'Name a credential in fix.archives instead of writing it into the URL.',
    });
  }
  return base.replace(/\/+$/, '');
}

import type { AptMirrors, RepositoryConfig } from '../../ecosystems/index.ts';
import { UsageError } from '../output/errors.ts';

/** Where the packages of the demonstration come from, and who said so. */
export interface ChosenMirrors {
  readonly debian: string;
  readonly security: string;
  /** For people: `--mirror`, `DRYDOCK_DEBIAN_MIRROR`, `apt configuration of this machine`, `configuration`. */
  readonly origin: string;
}

/**
 * The ladder: `--mirror`, the environment, this machine's own apt, the configuration. The security archive lies
 * beside the main one unless something more precise is known.
 * @throws UsageError for a mirror that is no http, https or file URL
 */
export function chooseMirrors(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  apt: AptMirrors,
  configured: RepositoryConfig,
): ChosenMirrors {
  const securityEnv = env.DRYDOCK_DEBIAN_SECURITY_MIRROR;
  if (flag !== undefined) return checked(flag, securityEnv, '--mirror');
  const named = env.DRYDOCK_DEBIAN_MIRROR;
  if (named) return checked(named, securityEnv, 'DRYDOCK_DEBIAN_MIRROR');
  if (apt.debian !== undefined) {
    return checked(apt.debian, securityEnv || apt['debian-security'], 'apt configuration of this machine');
  }
  const debian = baseOf(configured, 'debian');
  if (debian !== undefined)
    return checked(debian, securityEnv || baseOf(configured, 'debian-security'), 'configuration');
  throw new UsageError('no Debian mirror is known', 'Name one with --mirror URL.');
}

function baseOf(config: RepositoryConfig, archive: string): string | undefined {
  // An offline bundle has no base; it stands for chosen packages, not for a whole archive.
  return config.archives[archive]?.find((mirror) => 'base' in mirror)?.base;
}

function checked(debian: string, security: string | undefined, origin: string): ChosenMirrors {
  const main = checkUrl(debian);
  return { debian: main, security: checkUrl(security || sibling(main)), origin };
}

/** `…/debian` → `…/debian-security`, as nearly all mirrors have it. */
function sibling(debian: string): string {
  return debian.endsWith('/debian') ? `${debian}-security` : `${debian}/../debian-security`;
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['http:', 'https:', 'file:'].includes(url.protocol)) return url.href.replace(/\/+$/, '');
  throw new UsageError(
    `not the URL of a mirror: ${JSON.stringify(text.slice(0, 200))}`,
    'Give the directory above dists/ and pool/.',
  );
}

/** The configuration with these mirrors; with `mainOnly`, the frozen main suite of Debian 11 and nothing else. */
export function withMirrors(config: RepositoryConfig, mirrors: ChosenMirrors, mainOnly: boolean): RepositoryConfig {
  const sources = config.sources.map((source) =>
    mainOnly && source.match.id === 'debian'
      ? {
          ...source,
          suites: source.suites.filter(({ archive, suite }) => archive === 'debian' && !suite.includes('-')),
        }
      : source,
  );
  return {
    archives: {
      ...config.archives,
      debian: [{ base: mirrors.debian }],
      'debian-security': [{ base: mirrors.security }],
    },
    sources,
  };
}

import { type Diagnostic, mapLimit } from '../../../../kernel/index.ts';
import type { OsRelease } from '../../../contract.ts';
import { debVersions } from '../../versions.ts';
import type { Candidate, PackageUniverse } from '../universe.ts';
import { readCandidate } from './candidate.ts';
import { sourceFor } from './config.ts';
import type { ArchiveDeps } from './deps.ts';
import { RepositoryError } from './errors.ts';
import type { PackagesIndex } from './packages-index.ts';
import { type Keyring, readKeyring } from './signature.ts';
import { type OpenSuite, openSuite } from './suite.ts';

const parallelSuites = 3;
const builtin = 'builtin:';

/**
 * Opens the package archives that the configuration names for an operating system: fetches, verifies and indexes
 * every suite. `arch` is Debian's name of the architecture.
 * @throws RepositoryError
 */
export async function openArchive(
  os: OsRelease | undefined,
  arch: string,
  deps: ArchiveDeps,
  signal: AbortSignal,
): Promise<PackageUniverse> {
  const source = sourceFor(deps.config, os);
  const keyring = await loadKeyring(source.keyring, deps);
  const suites = await mapLimit(source.suites, parallelSuites, (suite) =>
    openSuite(suite, arch, keyring, deps, signal),
  );
  if (suites.every((suite) => suite.components.length === 0)) {
    throw new RepositoryError('unknown_release', `no configured suite has packages for the architecture ${arch}`);
  }
  return createUniverse(arch, suites);
}

/**
 * The keyring that a source names.
 * @throws RepositoryError `invalid_configuration`
 */
export async function loadKeyring(keyring: string, deps: ArchiveDeps): Promise<Keyring> {
  if (!keyring.startsWith(builtin)) return readKeyring('given in fix.sources', keyring);
  const armored = await deps.builtinKeyring(keyring.slice(builtin.length));
  if (armored !== undefined) return readKeyring(keyring, armored);
  throw new RepositoryError('invalid_configuration', `there is no keyring ${keyring}`, {
    hint: 'Use builtin:debian-archive, builtin:ubuntu-archive or an armored keyring in fix.sources.',
  });
}

/** Joins verified suites; candidates are made only of the names that somebody asks for. */
function createUniverse(arch: string, suites: readonly OpenSuite[]): PackageUniverse {
  const parts = suites.flatMap((suite) =>
    suite.components.map(({ name, index }) => ({
      index,
      origin: { archive: suite.config.archive, suite: suite.config.suite, component: name },
    })),
  );
  const byName = remember((name) => {
    const found: Candidate[] = [];
    for (const { index, origin } of parts) {
      for (const lines of index.stanzas(name)) {
        const candidate = readCandidate(lines, origin);
        const fits = candidate?.name === name && (candidate.arch === arch || candidate.arch === 'all');
        if (fits && !found.some((known) => sameVersion(known, candidate))) found.push(candidate);
      }
    }
    return found.sort((a, b) => debVersions.compare(b.version, a.version));
  });
  const byProvided = remember((name) => namesOfProviders(parts, name).flatMap(byName));
  return {
    arch,
    candidates: byName,
    providers: byProvided,
    indexes: suites.map((suite) => ({
      archive: suite.config.archive,
      suite: suite.config.suite,
      date: suite.date.toISOString().replace('.000Z', 'Z'),
      inRelease: suite.inRelease,
      packages: suite.components.map(({ packages }) => packages),
    })),
    suites: suites.map(({ config, date }) => `${config.archive} ${config.suite} (${date.toISOString().slice(0, 10)})`),
    diagnostics: suites.flatMap((suite) => absenceOf(suite, arch)),
  };
}

/** The same build in two suites: the one named first in the configuration counts. */
function sameVersion(a: Candidate, b: Candidate): boolean {
  return a.version === b.version && a.arch === b.arch;
}

function namesOfProviders(parts: readonly { readonly index: PackagesIndex }[], name: string): string[] {
  return [...new Set(parts.flatMap(({ index }) => index.providers(name)))].sort();
}

function absenceOf(suite: OpenSuite, arch: string): Diagnostic[] {
  return suite.absent.map((component) => ({
    code: 'component_not_in_archive',
    message: `${suite.config.archive} ${suite.config.suite} has no ${component} packages for ${arch}`,
  }));
}

function remember(make: (name: string) => readonly Candidate[]): (name: string) => readonly Candidate[] {
  const known = new Map<string, readonly Candidate[]>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const made = make(name);
    known.set(name, made);
    return made;
  };
}

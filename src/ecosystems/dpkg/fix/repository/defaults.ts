import type { RepositoryConfig, SourceConfig, SuiteConfig } from './config.ts';

const debianCodenames: Readonly<Record<string, string>> = { '11': 'bullseye', '12': 'bookworm', '13': 'trixie' };
const ubuntuCodenames: Readonly<Record<string, string>> = { '20.04': 'focal', '22.04': 'jammy', '24.04': 'noble' };

function debianSource(versionId: string, codename: string): SourceConfig {
  const suite = (archive: string, name: string): SuiteConfig => ({
    archive,
    suite: name,
    components: ['main'],
    origin: 'Debian',
  });
  return {
    match: { id: 'debian', versionId },
    keyring: 'builtin:debian-archive',
    suites: [
      suite('debian', codename),
      suite('debian', `${codename}-updates`),
      suite('debian-security', `${codename}-security`),
    ],
  };
}

function ubuntuSource(versionId: string, codename: string): SourceConfig {
  const pockets = [codename, `${codename}-updates`, `${codename}-security`];
  return {
    match: { id: 'ubuntu', versionId },
    keyring: 'builtin:ubuntu-archive',
    suites: pockets.map((suite) => ({
      archive: 'ubuntu',
      suite,
      components: ['main', 'restricted', 'universe', 'multiverse'],
      origin: 'Ubuntu',
    })),
  };
}

/**
 * The releases that Drydock knows, with the keys pinned for them. It knows no mirror by itself: nothing is contacted
 * that the operator, the environment or the machine's own apt configuration does not name. No `maxAge`: suites past
 * support freeze, and rollback is refused anyway (fix-engine.md §6.3).
 */
export const defaultRepositories: RepositoryConfig = {
  archives: {},
  sources: [
    ...Object.entries(debianCodenames).map(([version, codename]) => debianSource(version, codename)),
    ...Object.entries(ubuntuCodenames).map(([version, codename]) => ubuntuSource(version, codename)),
  ],
};

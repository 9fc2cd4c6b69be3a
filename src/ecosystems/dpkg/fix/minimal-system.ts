import { parseRelations, type Relation, versionFits } from './solver/relations.ts';
import type { Candidate, PackageUniverse } from './universe.ts';

/**
 * What a minimal Debian system starts from: the essential packages, what the release's policy calls required, and apt
 * with the keys that it needs. Everything else comes by dependencies.
 */
const roots: readonly string[] = [
  ...['base-files', 'base-passwd', 'bash', 'bsdutils', 'coreutils', 'dash', 'debianutils', 'diffutils', 'dpkg'],
  ...['findutils', 'grep', 'gzip', 'hostname', 'init-system-helpers', 'libc-bin', 'login', 'ncurses-base'],
  ...['ncurses-bin', 'perl-base', 'sed', 'sysvinit-utils', 'tar', 'util-linux'],
  ...['apt', 'debconf', 'debian-archive-keyring', 'e2fsprogs', 'gcc-10-base', 'libpam-modules', 'libpam-modules-bin'],
  ...['libpam-runtime', 'logsave', 'mawk', 'mount', 'passwd', 'tzdata'],
];

/** More than this is not a minimal system, but an archive whose dependencies lead everywhere. */
const maxPackages = 400;

/**
 * The packages of a minimal system, closed under `Pre-Depends` and `Depends`, sorted by name: of every name the
 * highest version, of alternatives the first that is chosen already or exists. Roots that the release does not have
 * are passed over.
 * @throws RangeError when the closure does not stay small
 */
export function minimalSystem(universe: PackageUniverse): readonly Candidate[] {
  const chosen = new Map<string, Candidate>();
  const queue: Candidate[] = [];
  const choose = (candidate: Candidate | undefined): void => {
    if (!candidate || chosen.has(candidate.name)) return;
    if (chosen.size >= maxPackages) throw new RangeError(`a minimal system needs more than ${maxPackages} packages`);
    chosen.set(candidate.name, candidate);
    queue.push(candidate);
  };
  for (const name of roots) choose(universe.candidates(name)[0]);
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const field of [next.preDepends, next.depends]) {
      for (const { alternatives } of parseRelations(field)) {
        const held = alternatives.some((relation) => isHeld(relation, chosen, universe));
        if (!held) choose(alternatives.map((relation) => bestFor(relation, universe)).find((found) => found));
      }
    }
  }
  return [...chosen.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function isHeld(relation: Relation, chosen: ReadonlyMap<string, Candidate>, universe: PackageUniverse): boolean {
  const own = chosen.get(relation.name);
  if (own && versionFits(relation.constraint, own.version)) return true;
  return universe.providers(relation.name).some(({ name }) => chosen.has(name));
}

function bestFor(relation: Relation, universe: PackageUniverse): Candidate | undefined {
  const own = universe.candidates(relation.name).find(({ version }) => versionFits(relation.constraint, version));
  return own ?? universe.providers(relation.name)[0];
}

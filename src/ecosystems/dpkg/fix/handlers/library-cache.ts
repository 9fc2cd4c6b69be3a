import { baseName, parentOf } from '../../../../image/index.ts';
import { ApplyError } from '../apply/errors.ts';
import { linesOf } from '../apply/path-text.ts';
import type { ChangeSet, DerivedHandler } from './contract.ts';

const configuration = /^etc\/ld\.so\.conf(?:$|\.d\/)/;
/** Directories whose libraries stand in the loader's cache in any case. */
const cachedDirectory = /^(?:usr\/)?(?:local\/)?lib(?:32|64|x32)?(?:\/[a-z0-9_]+-linux-gnu[a-z0-9]*)?$/;
const library = /^(?:lib|ld-)[^/]*\.so(?:\.|$)/;

/**
 * The loader's cache maps sonames to paths. It stays right while no soname comes, goes or moves: a library file with a
 * new version in its name is fine as long as the link that carries the soname was and is there.
 */
export const libraryCacheHandler: DerivedHandler = {
  id: 'library-cache',
  run(change) {
    const { draft, view } = change.context;
    if (view.entry('etc/ld.so.cache') === undefined) return;
    const configured = configuredDirectories(change);
    for (const path of change.changed) {
      if (configuration.test(path)) {
        throw new ApplyError('needs_script', `${path} changes, from which the loader's cache is computed`, { path });
      }
      const directory = parentOf(path);
      if (!library.test(baseName(path)) || !(cachedDirectory.test(directory) || configured.has(directory))) continue;
      const before = view.entry(path);
      const after = draft.after(path);
      if ((before === undefined) === (after === undefined)) continue;
      if (hasSteadyLink(change, path)) continue;
      throw new ApplyError(
        'needs_script',
        `the library ${path} ${before ? 'goes away' : 'is new'}, so the loader's cache would have to be rebuilt`,
        { path },
      );
    }
  },
};

/** Canonical directories that the loader's configuration adds. */
function configuredDirectories({ context: { paths, view } }: ChangeSet): ReadonlySet<string> {
  const files = ['etc/ld.so.conf', ...view.children('etc/ld.so.conf.d').map((name) => `etc/ld.so.conf.d/${name}`)];
  const lines = files.flatMap((file) => linesOf(view.small(file))).map((line) => line.trim());
  return new Set(lines.flatMap((line) => (line.startsWith('/') ? [paths.follow(line.slice(1)) ?? ''] : [])));
}

/** Whether a link of the directory, there before and after, led or leads to the file: it carries the soname. */
function hasSteadyLink({ context: { draft, view } }: ChangeSet, path: string): boolean {
  const slash = path.lastIndexOf('/');
  const directory = path.slice(0, slash);
  const name = path.slice(slash + 1);
  return view.children(directory).some((other) => {
    const before = view.entry(`${directory}/${other}`);
    const after = draft.after(`${directory}/${other}`);
    if (before?.type !== 'symlink' || after?.type !== 'symlink') return false;
    return before.link === name || after.link === name;
  });
}

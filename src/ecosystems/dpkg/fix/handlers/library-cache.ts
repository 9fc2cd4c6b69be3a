import { ApplyError } from '../apply/errors.ts';
import type { ChangeSet, DerivedHandler } from './contract.ts';

/** Directories whose libraries stand in the loader's cache. */
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
    for (const path of change.changed) {
      const slash = path.lastIndexOf('/');
      if (!cachedDirectory.test(path.slice(0, Math.max(slash, 0))) || !library.test(path.slice(slash + 1))) continue;
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

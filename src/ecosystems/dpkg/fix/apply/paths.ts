import type { ImageView } from '../../../../image/index.ts';
import type { Diversion } from './diversions.ts';

const maxHops = 40;

/** Turns the paths that packages name into the paths where their files lie in the image. */
export interface PathResolver {
  /** Parent links followed inside the root; undefined for a cycle or more than 40 hops. */
  canonical(path: string): string | undefined;
  /** Where the package's file lies: diversions by others applied, then parents resolved. */
  target(packageName: string, packaged: string): string | undefined;
  /** Follows the last component too, as dpkg does for configuration files. */
  follow(path: string): string | undefined;
  /** Tells the resolver of a link to a directory that the new layer brings. */
  addLink(path: string, link: string): void;
}

/** A resolver for one view; results are remembered by directory, since lists name the same ones again and again. */
export function createPathResolver(
  view: Pick<ImageView, 'entry'>,
  diversions: ReadonlyMap<string, Diversion>,
): PathResolver {
  const added = new Map<string, string>();
  const directories = new Map<string, string | undefined>([['', '']]);

  const linkAt = (path: string): string | undefined => {
    const link = added.get(path);
    if (link !== undefined) return link;
    const entry = view.entry(path);
    return entry?.type === 'symlink' ? entry.link : undefined;
  };

  /** Walks the components with a work list; every component, the last too, is followed. */
  const walk = (path: string): string | undefined => {
    const pending = path.split('/').reverse();
    let done: string[] = [];
    let hops = 0;
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (name === '' || name === '.') continue;
      if (name === '..') {
        done.pop();
        continue;
      }
      done.push(name);
      const link = linkAt(done.join('/'));
      if (link === undefined) continue;
      if (++hops > maxHops || pending.length > 10_000) return undefined;
      if (link.startsWith('/')) done = [];
      else done.pop();
      pending.push(...link.split('/').reverse());
    }
    return done.join('/');
  };

  const directory = (path: string): string | undefined => {
    if (directories.has(path)) return directories.get(path);
    const resolved = walk(path);
    directories.set(path, resolved);
    return resolved;
  };

  const canonical = (path: string): string | undefined => {
    const slash = path.lastIndexOf('/');
    if (slash < 0) return path;
    const parent = directory(path.slice(0, slash));
    if (parent === undefined) return undefined;
    return parent === '' ? path.slice(slash + 1) : `${parent}/${path.slice(slash + 1)}`;
  };

  return {
    canonical,
    target(packageName, packaged) {
      const diversion = diversions.get(packaged);
      return canonical(diversion && diversion.by !== packageName ? diversion.to : packaged);
    },
    follow(path) {
      return walk(path);
    },
    addLink(path, link) {
      added.set(path, link);
      directories.clear();
      directories.set('', '');
    },
  };
}

import { baseName, type UnionView, type ViewEntry } from '../../../image/index.ts';

/** Places of texts about programs, whose files are named like them. */
const aboutPrograms = /(^|\/)(usr\/share\/doc|completions|bash-completion)\//;

const known = new WeakMap<UnionView, ReadonlyMap<string, readonly ViewEntry[]>>();

/** Executable files of an image with one of these last names, links to such files among them. */
export function programsNamed(view: UnionView, names: readonly string[]): readonly ViewEntry[] {
  let index = known.get(view);
  if (index === undefined) {
    index = indexOf(view);
    known.set(view, index);
  }
  return names.flatMap((name) => index.get(name) ?? []).filter((entry) => isProgram(view.resolve(entry.path)));
}

/** Archives are started by Java whatever their mode is. */
function isProgram(entry: ViewEntry | undefined): boolean {
  if (entry === undefined || (entry.type !== 'file' && entry.type !== 'hardlink')) return false;
  return (entry.mode & 0o111) !== 0 || /\.[jw]ar$/.test(entry.path);
}

function indexOf(view: UnionView): ReadonlyMap<string, readonly ViewEntry[]> {
  const index = new Map<string, ViewEntry[]>();
  for (const entry of view.entries()) {
    const file = entry.type === 'file' || entry.type === 'hardlink';
    if (!(entry.type === 'symlink' || (file && isProgram(entry))) || aboutPrograms.test(entry.path)) continue;
    const name = baseName(entry.path);
    const same = index.get(name);
    if (same === undefined) index.set(name, [entry]);
    else same.push(entry);
  }
  return index;
}

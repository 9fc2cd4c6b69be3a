import { baseName, joinPath, parentOf } from '../../../../image/index.ts';
import type { DerivedHandler } from './contract.ts';

/** Drops bytecode of Python modules that change or go; Python compiles them again when it may write there. */
export const bytecodeHandler: DerivedHandler = {
  id: 'python-bytecode',
  run({ context: { draft, view }, changed }) {
    const modules = [...changed].filter((path) => path.endsWith('.py'));
    for (const [directory, paths] of Map.groupBy(modules, parentOf)) {
      const cache = joinPath(directory, '__pycache__');
      const stems = new Set(paths.map((path) => baseName(path).slice(0, -3)));
      for (const name of view.children(cache)) {
        if (name.endsWith('.pyc') && startsWithStem(name, stems)) draft.remove(joinPath(cache, name));
      }
      const names = [...paths.map(baseName), ...view.children(directory)];
      const left = names.some((name) => name.endsWith('.py') && draft.after(joinPath(directory, name)) !== undefined);
      // The packages' own cleaner takes an empty cache away; it comes back with the first module compiled there.
      if (!left && draft.willBeEmpty(cache)) draft.remove(cache);
    }
  },
};

/** Whether a file name is one of the stems, a dot, and anything: `os.cpython-311.opt-1.pyc` for `os`. */
function startsWithStem(name: string, stems: ReadonlySet<string>): boolean {
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    if (stems.has(name.slice(0, dot))) return true;
  }
  return false;
}

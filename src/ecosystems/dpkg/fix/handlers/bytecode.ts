import type { DerivedHandler } from './contract.ts';

/** Drops bytecode of Python modules that change or go; Python compiles them again when it may write there. */
export const bytecodeHandler: DerivedHandler = {
  id: 'python-bytecode',
  run({ context: { draft, view }, changed }) {
    for (const path of changed) {
      if (!path.endsWith('.py')) continue;
      const slash = path.lastIndexOf('/');
      const directory = slash < 0 ? '' : path.slice(0, slash);
      const cache = directory === '' ? '__pycache__' : `${directory}/__pycache__`;
      const stem = `${path.slice(slash + 1, -3)}.`;
      for (const name of view.children(cache)) {
        if (name.startsWith(stem) && name.endsWith('.pyc')) draft.remove(`${cache}/${name}`);
      }
      const onlyCacheLeft = view
        .children(directory)
        .every((name) => name === '__pycache__' || draft.isRemoved(directory === '' ? name : `${directory}/${name}`));
      if (draft.isRemoved(path) && onlyCacheLeft && draft.willBeEmpty(cache)) draft.remove(cache);
    }
  },
};

import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../arch/source-tree.ts';

/** @throws Error when the console is not built, or was built before its sources changed */
export function needsBuiltConsole(): void {
  const built = statSync(join(root, 'console/dist/index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = globSync(['console/src/**/*.*', 'console/public/*', 'console/vite/*', 'console/*.*'], { cwd: root });
  const changed = sources.find((file) => !file.includes('.test.') && statSync(join(root, file)).mtimeMs > built);
  if (changed !== undefined) throw new Error(`the console is not built with ${changed}: npm run console`);
}

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';

/** Full path of a program of the system, or undefined. */
export function findProgram(name: string): string | undefined {
  const path = `${process.env.PATH ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`;
  for (const directory of path.split(delimiter)) {
    if (directory === '') continue;
    const candidate = join(directory, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // not in this directory
    }
  }
  return undefined;
}

/**
 * The programs' paths, or undefined after having marked the test as skipped with the names of what is missing
 * (`npm test` installs them where it may). Usage: `const sys = needs(t, 'umoci'); if (!sys) return;`
 */
export function needs<N extends string>(t: TestContext, ...names: N[]): Record<N, string> | undefined {
  const found = Object.fromEntries(names.map((name) => [name, findProgram(name)]));
  const missing = names.filter((name) => found[name] === undefined);
  if (missing.length > 0) {
    t.skip(`needs ${missing.join(', ')}: run tools/system-deps.sh`);
    return undefined;
  }
  return found as Record<N, string>;
}

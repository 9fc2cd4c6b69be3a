import { join } from 'node:path';

/** The files that the tour leaves, below its directory. */
export function tourFiles(directory: string): Readonly<Record<'layout' | 'before' | 'after' | 'fix' | 'sbom', string>> {
  return {
    layout: join(directory, 'image'),
    before: join(directory, 'scan-before.json'),
    after: join(directory, 'scan-after.json'),
    fix: join(directory, 'fix.json'),
    sbom: join(directory, 'sbom.cdx.json'),
  };
}

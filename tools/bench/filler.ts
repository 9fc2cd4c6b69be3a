import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../test/support/run.ts';

/** A tar of files of this system, so that an image has the size of a real application. */
export async function fillerTar(scratch: string, megabytes: number): Promise<string> {
  const names: string[] = [];
  const directories = ['/usr/lib'];
  // By hand: a recursive readdir follows links, and some lead back.
  for (
    let total = 0, next = directories.pop();
    next !== undefined && total < megabytes * 1e6;
    next = directories.pop()
  ) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) directories.push(path);
      const size = entry.isFile() ? statSync(path).size : 0;
      if (size === 0 || size > 40e6 || total > megabytes * 1e6) continue;
      total += size;
      names.push(path);
    }
  }
  if (names.length === 0) throw new Error('nothing to fill the image with');
  const list = join(scratch, 'list');
  writeFileSync(list, names.join('\n'));
  const tar = join(scratch, 'filler.tar');
  await mustRun('tar', ['--create', '--file', tar, '--transform=s,^/*,opt/app/,', '-P', '--files-from', list]);
  return tar;
}

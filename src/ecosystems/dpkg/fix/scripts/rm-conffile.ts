import type { DebControl } from '../../deb/contract.ts';
import { debVersions } from '../../versions.ts';
import { scriptText } from './mentions.ts';

const helper =
  /^[ \t]*dpkg-maintscript-helper[ \t]+rm_conffile[ \t]+(\/[^\s'"]+|'\/[^'\n]+'|"\/[^"\n]+")(?:[ \t]+([^\s'"]+|'[^'\n]*'))?/gm;

/**
 * Absolute paths that the scripts of a new version retire with `dpkg-maintscript-helper rm_conffile` when upgrading
 * from the installed version: those whose limit version is not below it, or that have no limit.
 */
export function removedConffiles(control: DebControl, installed: string): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const name of ['preinst', 'postinst']) {
    for (const match of scriptText(control, name)?.matchAll(helper) ?? []) {
      const path = unquote(match[1] ?? '');
      const limit = unquote(match[2] ?? '');
      const applies = limit === '' || limit === '--' || !debVersions.valid(limit);
      if (applies || debVersions.compare(installed, limit) <= 0) paths.add(path);
    }
  }
  return paths;
}

function unquote(text: string): string {
  return /^(['"]).*\1$/.test(text) ? text.slice(1, -1) : text;
}

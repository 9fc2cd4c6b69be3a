import { ApplyError } from '../apply/errors.ts';
import { scriptText, upgradeScripts } from '../scripts/mentions.ts';
import type { ChangeSet, DerivedHandler } from './contract.ts';
import { checkTriggers } from './triggers.ts';

/** Something that programs compute from packaged files. Without its output in the image there is nothing to refresh. */
interface Generator {
  readonly what: string;
  readonly input: RegExp;
  /** Output for a changed input. */
  readonly outputs: (input: RegExpExecArray) => readonly string[];
  /** Only files that come or go matter, not those whose content changes. */
  readonly namesOnly?: boolean;
}

const generators: readonly Generator[] = [
  { what: 'MIME database', input: /^usr\/share\/mime\/packages\//, outputs: () => ['usr/share/mime/mime.cache'] },
  {
    what: 'icon cache',
    input: /^usr\/share\/icons\/([^/]+)\//,
    outputs: (match) => [`usr/share/icons/${match[1]}/icon-theme.cache`],
  },
  { what: 'font cache', input: /^(?:usr\/share\/fonts|etc\/fonts)\//, outputs: () => ['var/cache/fontconfig'] },
  {
    what: 'image loader cache',
    input: /^(.*\/gdk-pixbuf-2\.0\/[^/]+)\/loaders\//,
    outputs: (match) => [`${match[1]}/loaders.cache`],
  },
  {
    what: 'compiled settings schemas',
    input: /^usr\/share\/glib-2\.0\/schemas\//,
    outputs: () => ['usr/share/glib-2.0/schemas/gschemas.compiled'],
  },
  {
    what: 'input and output module cache',
    input: /^(.*\/gio\/modules)\//,
    outputs: (match) => [`${match[1]}/giomodule.cache`],
  },
  { what: 'PAM stack', input: /^usr\/share\/pam-configs\//, outputs: () => ['etc/pam.d/common-auth'] },
  { what: 'locale archive', input: /^usr\/share\/i18n\//, outputs: () => ['usr/lib/locale/locale-archive'] },
  { what: 'system accounts', input: /^usr\/share\/base-passwd\//, outputs: () => ['etc/passwd'] },
  { what: 'system accounts', input: /^usr\/lib\/sysusers\.d\//, outputs: () => ['etc/passwd'] },
  {
    what: 'hardware database',
    input: /^(?:usr\/)?lib\/udev\/hwdb\.d\//,
    outputs: () => ['etc/udev/hwdb.bin', 'lib/udev/hwdb.bin', 'usr/lib/udev/hwdb.bin'],
  },
  {
    what: 'Ghostscript font map',
    input: /^etc\/ghostscript\/(?:fontmap|cidfmap|cidfmap-local)\.d\//,
    outputs: () => ['var/lib/ghostscript/fonts/Fontmap', 'var/lib/ghostscript/fonts/cidfmap'],
  },
  {
    what: 'directory of info documents',
    input: /^usr\/share\/info\/[^/]+\.info/,
    outputs: () => ['usr/share/info/dir'],
    namesOnly: true,
  },
  {
    what: 'desktop application cache',
    input: /^usr\/share\/applications\//,
    outputs: () => ['usr/share/applications/mimeinfo.cache', 'etc/mailcap'],
  },
  { what: 'list of viewers', input: /^usr\/lib\/mime\/packages\//, outputs: () => ['etc/mailcap'] },
  {
    what: 'message catalogue of the journal',
    input: /^usr\/lib\/systemd\/catalog\//,
    outputs: () => ['var/lib/systemd/catalog/database'],
  },
  { what: 'list of shells', input: /^usr\/share\/debianutils\/shells\.d\//, outputs: () => ['etc/shells'] },
  {
    what: 'password dictionary',
    input: /^usr\/share\/dict\//,
    outputs: () => ['var/cache/cracklib/cracklib_dict.pwd'],
  },
];

/**
 * Derived state is a function of its inputs: none changed, so the output is still right; one did, so it would have to
 * be computed again, which is refused here for everything without a handler of its own.
 */
export const generatorHandler: DerivedHandler = {
  id: 'generators',
  run(change) {
    for (const path of change.changed) checkGenerators(change, path);
    checkTriggers(change, (path) => generators.some(({ input }) => input.test(path)));
    checkManagedConfiguration(change);
  },
};

function checkGenerators({ context: { draft, view } }: ChangeSet, path: string): void {
  for (const { what, input, outputs, namesOnly } of generators) {
    const match = input.exec(path);
    if (!match) continue;
    if (namesOnly && (view.entry(path) === undefined) === (draft.after(path) === undefined)) continue;
    const output = outputs(match).find((candidate) => candidate !== path && view.entry(candidate) !== undefined);
    if (output === undefined) continue;
    throw new ApplyError('needs_script', `${path} changes, from which the ${what} (${output}) is computed`, { path });
  }
}

/** Files that `ucf` copies from a packaged template into `/etc`. */
function checkManagedConfiguration({ context, changed }: ChangeSet): void {
  for (const { control, upgrade } of context.packages) {
    for (const script of upgradeScripts) {
      const text = scriptText(control, script);
      if (text === undefined || !/\bucf\b/.test(text)) continue;
      for (const match of text.matchAll(/\/(usr\/(?:share|lib)\/[A-Za-z0-9_.+/-]+)/g)) {
        const template = match[1] ?? '';
        if (!changed.has(template)) continue;
        throw new ApplyError('needs_script', `${script} of ${upgrade.name} merges the changed ${template} with ucf`, {
          package: upgrade.name,
        });
      }
    }
  }
}

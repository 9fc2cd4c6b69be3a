import { ApplyError } from '../apply/errors.ts';
import { readActivations, readHolders, type TriggerHolder } from '../apply/triggers.ts';
import { scriptText, upgradeScripts } from '../scripts/mentions.ts';
import type { ChangeSet } from './contract.ts';

/** A trigger of a known package whose processing leaves nothing that an image would miss. */
interface HarmlessTrigger {
  readonly holder: RegExp;
  readonly trigger: RegExp;
}

/** From the `postinst` of the packages in Debian 11 to 13, read one by one; a trigger that is not here counts. */
const harmless: readonly HarmlessTrigger[] = [
  // Index of manual pages in var/cache/man, for searching only: `man` finds a page without it, and a daily job
  // rebuilds it. Images without manual pages have neither.
  { holder: /^man-db$/, trigger: /^(?:\/usr|\/usr\/share|\/usr\/local|\/usr\/local\/share|\/usr\/X11R6|\/opt)?\/man$/ },
  // Asks a running bus to read its configuration again.
  {
    holder: /^dbus(?:-daemon)?$/,
    trigger: /^(?:\/etc\/dbus-1\/system\.d|\/usr\/share\/dbus-1\/system(?:\.d|-services))$/,
  },
  // Tells the running kernel about interpreters.
  { holder: /^systemd$/, trigger: /^\/usr\/lib\/binfmt\.d$/ },
  // Asks a running service manager to read its units again.
  { holder: /^systemd$/, trigger: /^(?:\/etc\/init\.d|(?:\/etc|\/lib|\/usr\/lib)\/systemd\/system)$/ },
  // Restarts a running interpreter; the one of the command line does nothing at all.
  {
    holder: /^(?:php|libapache2-mod-php|libphp)[0-9.]*(?:-[a-z]+)?$/,
    trigger: /^\/etc\/php\/[0-9.]+\/[a-z0-9]+\/conf\.d$/,
  },
  // Asks a running web server to read its configuration again.
  { holder: /^nginx(?:-(?:common|core|extras|light))?$/, trigger: /^nginx-reload$/ },
  // Perl activates it only when the version before belongs to another series, which none of the same release does.
  { holder: /^/, trigger: /^perl-major-upgrade$/ },
  // These two are reproduced by handlers of their own.
  { holder: /^libc-bin$/, trigger: /^ldconfig$/ },
  { holder: /^ca-certificates$/, trigger: /^update-ca-certificates(?:-fresh)?$/ },
];

/**
 * Refuses an upgrade that would make an installed package process a trigger whose effect is not known: for a path,
 * when something below it changes; for a name, when an upgraded package activates it.
 * `covered` tells whether a path (directories with a slash at the end) is the input of a known generator.
 * @throws ApplyError `needs_script`
 */
export function checkTriggers(change: ChangeSet, covered: (path: string) => boolean): void {
  const activated = activatedNames(change);
  for (const holder of readHolders(change.context.view)) {
    if (isHarmless(holder)) continue;
    if (holder.name.startsWith('/')) checkPath(change, holder, covered);
    else checkName(change, holder, activated);
  }
}

function isHarmless({ name, package: owner }: TriggerHolder): boolean {
  return harmless.some(({ holder, trigger }) => holder.test(owner) && trigger.test(name));
}

function checkPath({ changed, context }: ChangeSet, holder: TriggerHolder, covered: (path: string) => boolean): void {
  const watched = context.paths.canonical(holder.name.slice(1));
  if (watched === undefined || covered(`${watched}/`)) return;
  const hit = [...changed].find((path) => path === watched || path.startsWith(`${watched}/`));
  if (hit === undefined) return;
  throw new ApplyError('needs_script', `${hit} changes, which ${holder.package} wants to process`, { path: hit });
}

function checkName({ context }: ChangeSet, holder: TriggerHolder, activated: ReadonlyMap<string, string>): void {
  const by = activated.get(holder.name);
  if (by === undefined) return;
  const hasBootImage = context.view.children('boot').some((name) => name.startsWith('initrd.img'));
  if (holder.name === 'update-initramfs' && !hasBootImage) return;
  throw new ApplyError('needs_script', `the upgrade activates the trigger ${holder.name} of ${holder.package}`, {
    package: by,
  });
}

const command = /\bdpkg-trigger[ \t]+(?:--[a-z-]+(?:=\S+)?[ \t]+)*([a-z0-9][a-z0-9+.-]*)/g;

/** Explicit triggers that upgraded packages activate, by declaration or from a script, with the package. */
function activatedNames({ context }: ChangeSet): ReadonlyMap<string, string> {
  const activated = new Map<string, string>();
  for (const { control, upgrade } of context.packages) {
    for (const name of readActivations(control.files.get('triggers')?.bytes)) activated.set(name, upgrade.name);
    for (const script of upgradeScripts) {
      for (const [, name = ''] of scriptText(control, script)?.matchAll(command) ?? []) {
        activated.set(name, upgrade.name);
      }
    }
  }
  return activated;
}

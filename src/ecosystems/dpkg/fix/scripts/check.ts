import type { ImageView } from '../../../../image/index.ts';
import { infoBase } from '../apply/ownership.ts';
import type { PackageContents } from '../apply/package-contents.ts';
import { classifyScript, type ScriptClass } from './classes.ts';
import { upgradeScripts } from './mentions.ts';

/** Judges the scripts that an upgrade would run. @throws ApplyError `needs_script` for the first that is needed */
export function checkScripts(
  view: Pick<ImageView, 'small'>,
  { control, old, upgrade }: PackageContents,
): readonly ScriptClass[] {
  const base = old && infoBase(view, old);
  return upgradeScripts.map((script) =>
    classifyScript({
      package: upgrade.name,
      script,
      from: upgrade.from,
      to: upgrade.to,
      before: base === undefined ? undefined : view.small(`${base}.${script}`),
      after: control.files.get(script)?.bytes,
    }),
  );
}

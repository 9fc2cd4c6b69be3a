import type { DebControl } from '../../deb/contract.ts';

/** Maintainer scripts that run on an upgrade of a package. */
export const upgradeScripts = ['preinst', 'postinst'] as const;

/** A script as text, one character per byte; undefined when the package has none. */
export function scriptText(control: DebControl, name: string): string | undefined {
  const bytes = control.files.get(name)?.bytes;
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/**
 * Whether a script of the package names a path and uses one of the commands. Generous on purpose: scripts often put
 * the path into a variable first, and the consequence is only that the image's own state is kept.
 */
export function namesPath(control: DebControl, path: string, commands: readonly string[]): boolean {
  return upgradeScripts.some((name) => {
    const text = scriptText(control, name);
    return text?.includes(`/${path}`) && commands.some((command) => text.includes(command));
  });
}

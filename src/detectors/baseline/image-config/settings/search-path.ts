import type { ViewEntry } from '../../../../image/index.ts';
import type { CheckContext } from '../../contract.ts';

/** What engines give to images without a PATH. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The last value of a variable in `Env`; undefined when it is not set. */
export function environmentValue(context: CheckContext, name: string): string | undefined {
  return context.image.settings.env.findLast((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Directories in which programs are looked for; a relative one is under the working directory. */
function searchDirectories(context: CheckContext): readonly string[] {
  return (environmentValue(context, 'PATH') ?? defaultPath).split(':').map((part) => absolute(context, part));
}

/** The file that a program's name leads to, links followed. */
export function findProgram(context: CheckContext, name: string): ViewEntry | undefined {
  if (name === '') return undefined;
  if (name.includes('/')) return context.entry(absolute(context, name));
  for (const directory of searchDirectories(context)) {
    const entry = context.entry(`${directory}/${name}`);
    if (entry?.content !== undefined && (entry.mode & 0o111) !== 0) return entry;
  }
  return undefined;
}

/** Against the working directory of the image. */
function absolute(context: CheckContext, path: string): string {
  return path.startsWith('/') ? path : `${context.image.settings.workingDir}/${path}`;
}

/** Whether everybody may put files into a directory; false when it is not there. */
export function isOpenDirectory(context: CheckContext, path: string): boolean {
  const entry = context.entry(absolute(context, path));
  return entry?.type === 'directory' && (entry.mode & 0o002) !== 0;
}

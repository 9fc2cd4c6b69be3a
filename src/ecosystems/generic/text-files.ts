import type { Hit } from './contract.ts';

/** Files of these names are short. */
export const maxTextFile = 64 * 1024;

/** Whether a file may be one of those that name the version of a runtime in plain text. */
export function isVersionFile(path: string): boolean {
  return path.endsWith('/release') || path.endsWith('/go/VERSION') || path.endsWith('/OTP_VERSION');
}

/** Reads such a file; undefined when it is something else. */
export function readVersionFile(path: string, text: string): Hit | undefined {
  if (path.endsWith('/go/VERSION')) {
    const [line = ''] = text.split('\n', 1);
    return line.startsWith('go') ? hit('go', line.slice(2).trim(), 0) : undefined;
  }
  if (path.endsWith('/OTP_VERSION')) {
    return path.includes('/releases/') ? hit('erlang', text.trim(), 0) : undefined;
  }
  const mark = 'JAVA_VERSION="';
  const at = text.startsWith(mark) ? 0 : text.indexOf(`\n${mark}`) + 1;
  if (at === 0 && !text.startsWith(mark)) return undefined;
  const start = at + mark.length;
  return hit('java', text.slice(start, text.indexOf('"', start)), at);
}

function hit(name: string, version: string, offset: number): Hit | undefined {
  return version.length <= 64 && /^[0-9]{1,5}[0-9A-Za-z._+-]*$/.test(version) ? { name, version, offset } : undefined;
}

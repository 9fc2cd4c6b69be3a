/** Coordinates as a file spells them; a part that it does not tell is ''. */
export interface Coordinates {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

/** The coordinates in a `pom.properties` file; other keys, comments and continued lines are not looked at. */
export function readPomProperties(bytes: Uint8Array): Coordinates {
  const values = new Map<string, string>();
  for (const line of Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').split('\n')) {
    const text = line.trim();
    if (text === '' || text.startsWith('#') || text.startsWith('!')) continue;
    const equals = text.indexOf('=');
    const end = equals < 0 ? text.indexOf(':') : equals;
    if (end > 0)
      values.set(
        text.slice(0, end).trim(),
        text
          .slice(end + 1)
          .trim()
          .replaceAll('\\', ''),
      );
  }
  return {
    group: values.get('groupId') ?? '',
    artifact: values.get('artifactId') ?? '',
    version: values.get('version') ?? '',
  };
}

/**
 * Coordinates with which something can be done, or undefined. Names may be what Maven allows in them; a version may be
 * any text without blanks, because odd ones are real (they are listed and not compared); a variable is none.
 */
export function checked({ group, artifact, version }: Coordinates): Coordinates | undefined {
  return isName(group) && isName(artifact) && isVersion(version) ? { group, artifact, version } : undefined;
}

/** Letters, digits, `_`, `-` and `.`, as Maven demands; `.` and `..` are no names. */
export function isName(text: string): boolean {
  if (text.length === 0 || text.length > 255 || text === '.' || text === '..') return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i) | 0x20;
    const letter = code >= 0x61 && code <= 0x7a;
    if (!letter && !isDigitAt(text, i) && !'_-.'.includes(text.charAt(i))) return false;
  }
  return true;
}

function isVersion(text: string): boolean {
  if (text.length === 0 || text.length > 255) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f || '\\/:"<>|?*[](){},'.includes(text.charAt(i))) return false;
  }
  return true;
}

function isDigitAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

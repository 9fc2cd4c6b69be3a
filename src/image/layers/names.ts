import { isAscii, isUtf8 } from 'node:buffer';

/**
 * A name from bytes: UTF-8 where it is valid, otherwise every byte that is not becomes a lone surrogate
 * U+DC80…U+DCFF, so that {@link encodeName} gives the same bytes back and two names never become one.
 */
export function decodeName(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isAscii(buffer)) return buffer.toString('latin1');
  if (isUtf8(buffer)) return buffer.toString('utf8');
  return decodeDamaged(buffer);
}

function decodeDamaged(buffer: Buffer): string {
  let text = '';
  let good = 0;
  for (let i = 0; i < buffer.length; ) {
    const length = sequenceLength(buffer, i);
    if (length > 0) {
      i += length;
      continue;
    }
    text += buffer.toString('utf8', good, i) + String.fromCharCode(0xdc00 + (buffer[i] ?? 0));
    good = ++i;
  }
  return text + buffer.toString('utf8', good, buffer.length);
}

/** Length of the valid UTF-8 sequence at `at`, 0 when there is none. */
function sequenceLength(buffer: Buffer, at: number): number {
  const first = buffer[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const end = at + length;
  return end <= buffer.length && isUtf8(buffer.subarray(at, end)) ? length : 0;
}

/** The bytes of a name: the inverse of {@link decodeName}. */
export function encodeName(name: string): Buffer {
  if (name.isWellFormed()) return Buffer.from(name, 'utf8');
  const parts: Buffer[] = [];
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
}

/**
 * The path inside the virtual root: no leading slash, no `.`, `..`, empty parts or trailing slash; the root is ''.
 * Backslashes and drive letters are ordinary characters. Undefined when the name would leave the root.
 */
export function normalisePath(name: string): string | undefined {
  if (isPlain(name)) return name;
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** Whether a name is normalised already, which nearly all are: no part starts with a dot or is empty. */
function isPlain(name: string): boolean {
  const first = name.charCodeAt(0);
  if (first === 0x2f || first === 0x2e || name.endsWith('/')) return false;
  return !name.includes('//') && !name.includes('/.');
}

/** The directory part of a normalised path; '' for names directly in the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last part of a normalised path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Joins a canonical directory ('' is the root) and a name. */
export function joinPath(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

/**
 * A path as text for people and reports: bytes that are not UTF-8 as `\xNN`, control and direction-changing
 * characters as `\u{…}`, so that a name can neither move the cursor nor reorder the line.
 */
export function displayPath(path: string): string {
  let text = '';
  for (const character of path) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) text += `\\x${(code - 0xdc00).toString(16)}`;
    else if (isUnsafe(code)) text += `\\u{${code.toString(16)}}`;
    else text += character;
  }
  return text;
}

function isUnsafe(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    code === 0x61c ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x2069) ||
    code === 0xfeff
  );
}

import { createHash } from 'node:crypto';
import { derLength } from './der.ts';
import { isOpenPgpSecret, isOpenSsh, type KeyState } from './key-formats.ts';
import { publishedKeys } from './published-keys.ts';

/** A block of key material in text armor. */
export interface PemKey {
  readonly start: number;
  readonly end: number;
  /** Word before `PRIVATE KEY`, one of those that we know, or empty. */
  readonly label: string;
  /** What is in it; undefined where the body is no key. */
  readonly state: KeyState | undefined;
  /** SHA-256 of the decoded body, hex. */
  readonly hash: string;
  /** Printed in a standard or shipped as a sample, so that everybody has it. */
  readonly published: boolean;
}

const header =
  /-----BEGIN (?<label>[A-Z0-9 ]{0,30})PRIVATE KEY(?: BLOCK)?-----|---- BEGIN (?<ssh2>SSH2 ENCRYPTED )PRIVATE KEY ----/g;
const labels = new Set([
  'RSA',
  'DSA',
  'EC',
  'OPENSSH',
  'ENCRYPTED',
  'PGP',
  'SSH2 ENCRYPTED',
  'ANY',
  'ED25519',
  'X25519',
]);

/** Finds armored private keys: as files, or as strings of other files with `\n` written out, quotes and indentation. */
export function* pemKeys(text: string): Generator<PemKey> {
  for (const match of text.matchAll(header)) {
    const word = (match.groups?.label ?? match.groups?.ssh2 ?? '').trim();
    const from = match.index + match[0].length;
    const stop = text.indexOf(match[0].startsWith('-----') ? '-----END ' : '---- END ', from);
    if (stop < 0) continue;
    const close = /^[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-----?/.exec(text.slice(stop + 9, stop + 80));
    const end = Math.min(text.length, stop + 9 + (close?.[0].length ?? 0));
    const label = labels.has(word) ? word : '';
    const { bytes, headers } = bodyOf(text.slice(from, stop));
    const hash = createHash('sha256').update(bytes).digest('hex');
    const state = stateOf(word, bytes, headers);
    yield { start: match.index, end, label, state, hash, published: publishedKeys.has(hash) };
  }
}

/** Decodes what stands between the lines of an armor. */
function bodyOf(body: string): { readonly bytes: Buffer; readonly headers: string } {
  const lines = body
    .replaceAll(/\\{1,2}r?\\{0,2}n|\\{1,2}r/g, '\n')
    .split(/[\r\n]/)
    .map((line) => line.replaceAll(/["'`,;\\\s]|^[\s#*|>/.+-]{1,8}|[\s"'+.]{1,8}$/g, ''));
  const isHeader = (line: string): boolean => /^[A-Za-z][\w-]{0,40}:/.test(line);
  const headers = lines.filter(isHeader).join('\n');
  // The last line of an OpenPGP armor is a checksum.
  const base64 = lines.filter((line) => !isHeader(line) && !/^=[A-Za-z0-9+/]{4}$/.test(line)).join('');
  const valid = /^[A-Za-z0-9+/]{40,}={0,2}$/.test(base64);
  return { bytes: valid ? Buffer.from(base64, 'base64') : Buffer.alloc(0), headers };
}

function stateOf(word: string, bytes: Buffer, headers: string): KeyState | undefined {
  if (bytes.length < 32) return undefined;
  if (word === 'OPENSSH') return isOpenSsh(bytes);
  if (word === 'PGP') return isOpenPgpSecret(bytes);
  if (word === 'SSH2 ENCRYPTED') return bytes.readUInt32BE(0) === 0x3f6ff9eb ? 'encrypted' : undefined;
  if (/ENCRYPTED/.test(headers)) return bytes.length % 8 === 0 ? 'encrypted' : undefined;
  // Editors and copies lose or add an end of line, never more.
  const length = derLength(bytes, 0);
  if (length === undefined || bytes[0] !== 0x30 || Math.abs(length - bytes.length) > 2) return undefined;
  return word === 'ENCRYPTED' ? 'encrypted' : 'plain';
}

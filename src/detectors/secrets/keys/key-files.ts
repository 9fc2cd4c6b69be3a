import { createHash, timingSafeEqual } from 'node:crypto';
import type { RiskLevel } from '../../contract.ts';
import type { FileRule, Found, ReadableFile } from '../contract.ts';
import { derContent, derLength } from './der.ts';
import { isOpenPgpSecret } from './key-formats.ts';

const jks = Buffer.from('feedfeed', 'hex');
const jceks = Buffer.from('cececece', 'hex');
const kdbx = Buffer.from('03d9a29a67fb4bb5', 'hex');
const kdb = Buffer.from('03d9a29a65fb4bb5', 'hex');

/** A key file as a whole: nothing of it is shown. */
function whole({ bytes }: ReadableFile, label: string, level?: RiskLevel): Found {
  const identity = createHash('sha256').update(bytes).digest('hex');
  return { start: 0, end: bytes.length, label, identity, hideValue: true, ...(level && { level }) };
}

const privateEntry = 1;
const certificateEntry = 2;
const maxEntries = 1000;

/** Whether a keystore of Java has a private key before something that we do not read; trust stores have certificates only. */
function hasPrivateEntry(bytes: Buffer): boolean {
  if (bytes.length < 16) return false;
  const version = bytes.readUInt32BE(4);
  const count = Math.min(bytes.readUInt32BE(8), maxEntries);
  let at = 12;
  const skipText = (): void => {
    at += 2 + (at + 2 <= bytes.length ? bytes.readUInt16BE(at) : bytes.length);
  };
  for (let i = 0; i < count && at + 4 <= bytes.length; i++) {
    const tag = bytes.readUInt32BE(at);
    if (tag === privateEntry || tag === 3) return true;
    if (tag !== certificateEntry) return false;
    at += 4;
    skipText();
    at += 8;
    if (version === 2) skipText();
    if (at + 4 > bytes.length) return false;
    at += 4 + bytes.readUInt32BE(at);
  }
  return false;
}

/** Whether a keystore has the password that everybody knows: its digest is over the password, a phrase, and the content. */
function opensWithDefault(bytes: Buffer): boolean {
  if (bytes.length < 32) return false;
  const body = bytes.subarray(0, -20);
  const password = Buffer.from('changeit', 'utf16le').swap16();
  const digest = createHash('sha1').update(password).update('Mighty Aphrodite').update(body).digest();
  return timingSafeEqual(digest, bytes.subarray(-20));
}

function* keystore(file: ReadableFile): Generator<Found> {
  if (!hasPrivateEntry(file.bytes)) return;
  const open = file.complete && opensWithDefault(file.bytes);
  yield open
    ? whole(file, 'Java keystore with a private key and the default password', 'high')
    : whole(file, 'Java keystore with a private key');
}

/** Identifiers of bags with private keys: 1.2.840.113549.1.12.10.1.1 and .2 (RFC 7292, appendix D). */
const keyBags = [1, 2].map((bag) => Buffer.from(`060b2a864886f70d010c0a010${bag}`, 'hex'));
const version3 = Buffer.from('020103', 'hex');

/** Whether the bytes start a PFX of version 3 with a key in a bag that is readable without the password. */
function pkcs12Keys(bytes: Buffer): 'none' | 'certificates' | 'key' {
  const content = bytes[0] === 0x30 ? derContent(bytes, 0) : undefined;
  if (content === undefined || !bytes.subarray(content, content + 3).equals(version3)) return 'none';
  return keyBags.some((bag) => bytes.includes(bag)) ? 'key' : 'certificates';
}

function* pkcs12(file: ReadableFile): Generator<Found> {
  const kind = pkcs12Keys(file.bytes);
  const named = /\.(p12|pfx)$/i.test(file.path);
  if (kind === 'key') yield whole(file, 'PKCS #12 file with a private key');
  // All bags can be encrypted together: then only the name speaks for a key.
  else if (kind === 'certificates' && named) yield whole(file, 'PKCS #12 file, content encrypted', 'low');
}

const integer0 = Buffer.from('020100', 'hex');

/** Private keys as plain DER: PKCS #8 has an algorithm behind its version, PKCS #1 the modulus. */
function* derKey(file: ReadableFile): Generator<Found> {
  const { bytes } = file;
  const content = bytes[0] === 0x30 ? derContent(bytes, 0) : undefined;
  if (content === undefined || derLength(bytes, 0) !== file.size) return;
  if (!bytes.subarray(content, content + 3).equals(integer0)) return;
  const next = bytes[content + 3];
  if (next === 0x30 && bytes[derContent(bytes, content + 3) ?? 0] === 0x06)
    yield whole(file, 'private key in DER (not encrypted)');
  else if (next === 0x02) yield { ...whole(file, 'RSA private key in DER (not encrypted)'), key: 'rsa_private_key' };
}

function* secretKeyring(file: ReadableFile): Generator<Found> {
  const state = isOpenPgpSecret(file.bytes);
  if (state === 'plain') yield whole(file, 'OpenPGP secret key (not encrypted)');
  else if (state === 'encrypted') yield whole(file, 'OpenPGP secret key (encrypted)', 'medium');
}

/** Keys of GnuPG 2.1: an S-expression, `protected` where it has a passphrase, `shadowed` where a card has the key. */
const gnupgKey =
  /^(?:[\w-]{1,20}:[^\r\n]{0,4000}\r?\n){0,20}?\s{0,5}(?:Key: )?\((?:\d{1,2}:)?(?<kind>protected-private-key|private-key)/;

function* gnupg(file: ReadableFile): Generator<Found> {
  const head = file.bytes.subarray(0, 16 * 1024).toString('latin1');
  const kind = gnupgKey.exec(head)?.groups?.kind;
  if (kind === 'private-key') yield whole(file, 'GnuPG private key (not encrypted)');
  else if (kind !== undefined) yield whole(file, 'GnuPG private key (encrypted)', 'medium');
}

const ofBytes = (
  id: string,
  key: string,
  level: RiskLevel,
  rest: Partial<FileRule> & Pick<FileRule, 'read'>,
): FileRule => {
  return { id, key, level, content: 'bytes', ...rest };
};

const storesWith = (magics: readonly Buffer[]): Pick<FileRule, 'magic'> => {
  return { magic: magics.map((bytes) => ({ offset: 0, bytes })) };
};

/** Files that hold keys and are known by their first bytes or their structure. */
export const keyFiles: readonly FileRule[] = [
  ofBytes('java_keystore', 'java_keystore', 'medium', { ...storesWith([jks, jceks]), read: keystore }),
  ofBytes('pkcs_cred', 'pkcs_cred', 'medium', {
    ...storesWith([Buffer.from('3082', 'hex'), Buffer.from('3080', 'hex'), Buffer.from('3083', 'hex')]),
    read: pkcs12,
  }),
  ofBytes('pkcs_private_key/der', 'pkcs_private_key', 'high', {
    extensions: ['.der', '.key', '.pk8', '.p8'],
    read: derKey,
  }),
  ofBytes('pgp/keyring', 'pgp', 'high', {
    ...{ names: ['secring.gpg', 'secring.pgp'], extensions: ['.gpg', '.pgp', '.skr', '.key'], read: secretKeyring },
  }),
  ofBytes('pgp/gnupg', 'pgp', 'high', { extensions: ['.key'], where: /(^|\/)private-keys-v1\.d\//, read: gnupg }),
  ofBytes('macos_keychain', 'macos_keychain', 'medium', {
    ...storesWith([Buffer.from('kych', 'latin1')]),
    *read(file) {
      // Version 1.0 stands behind the mark.
      if (file.bytes.length > 20 && file.bytes.readUInt32BE(4) === 0x00010000) yield whole(file, 'macOS keychain');
    },
  }),
  ...(['jetbrains_ides', 'common_cred'] as const).map((key): FileRule => {
    const where = key === 'jetbrains_ides' ? /(^|\/)c\.kdbx$/ : /^(?!(?:.{0,4000}\/)?c\.kdbx$)/;
    return ofBytes(`${key}/kdbx`, key, 'medium', {
      ...{ ...storesWith([kdbx, kdb]), where },
      read: (file) => [whole(file, 'password database (encrypted)')],
    });
  }),
];
